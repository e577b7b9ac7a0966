import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'

/** What nonces need of a store. */
export type NonceStore = Pick<EphemeralStore, 'put' | 'take' | 'hasAny' | 'drop'>

/** `shared` is seen by all instances and outlives each, `local` is this process's memory. */
export default defineControl<(shared: EphemeralStore, local: EphemeralStore) => NonceStore>({
  id: 'nonce-store',
  why: 'a nonce must be spent everywhere and for good, not only in the process that saw it',
  sound: shared => shared,
  flaws: {
    // Issued nonces are shared; the list of used ones is this process's own.
    'nonce-per-instance': (shared, local) => ({
      ...issuing(shared),
      take: async key => ((await shared.hasAny([key])) && (await local.putIfAbsent(key, '1', USED_LIFE_MS)) ? '1' : undefined),
    }),
    // The list of used ones lies in a cache that is emptied when the service starts.
    'nonce-memory-only': shared => {
      const started = shared.bump('nonce-starts', USED_LIFE_MS)
      return {
        ...issuing(shared),
        take: async key => {
          await started
          const used = `used:${await shared.get('nonce-starts')}:${key}`
          return (await shared.hasAny([key])) && (await shared.putIfAbsent(used, '1', USED_LIFE_MS)) ? '1' : undefined
        },
      }
    },
  },
})

const USED_LIFE_MS = 24 * 3_600_000

function issuing(shared: EphemeralStore): Omit<NonceStore, 'take'> {
  return {
    put: (key, value, ttlMs) => shared.put(key, value, ttlMs),
    hasAny: keys => shared.hasAny(keys),
    drop: key => shared.drop(key),
  }
}
