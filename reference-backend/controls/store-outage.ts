import type { EphemeralStore } from '../stores/ephemeral.ts'
import { isStoreOutage } from '../stores/outage.ts'
import { defineControl } from './define.ts'

/** `shared` is seen by all instances, `local` is this process's memory. */
export default defineControl<(shared: EphemeralStore, local: EphemeralStore) => EphemeralStore>({
  id: 'store-outage',
  why: 'a store that cannot be asked has not said yes: what was used, spent or revoked is known to it alone',
  sound: shared => shared,
  flaws: {
    // "Logins must go on while the cache is down": this process's memory stands in, and what it never saw is taken as good.
    'goes-on-without': (shared, local) => ({
      put: (...one) =>
        either(
          () => shared.put(...one),
          () => local.put(...one),
        ),
      putIfAbsent: (...one) =>
        either(
          () => shared.putIfAbsent(...one),
          () => local.putIfAbsent(...one),
        ),
      get: key =>
        either(
          () => shared.get(key),
          () => local.get(key),
        ),
      getAll: keys =>
        either(
          () => shared.getAll(keys),
          () => local.getAll(keys),
        ),
      hasAny: keys =>
        either(
          () => shared.hasAny(keys),
          () => local.hasAny(keys),
        ),
      take: key =>
        either(
          () => shared.take(key),
          async () => ((await local.putIfAbsent(`taken:${key}`, '1', TAKEN_LIFE_MS)) ? '1' : undefined),
        ),
      takeIf: (...one) =>
        either(
          () => shared.takeIf(...one),
          () => local.takeIf(...one),
        ),
      bump: (...one) =>
        either(
          () => shared.bump(...one),
          () => local.bump(...one),
        ),
      drop: key =>
        either(
          () => shared.drop(key),
          () => local.drop(key),
        ),
      close: () => shared.close(),
    }),
  },
})

const TAKEN_LIFE_MS = 3_600_000

async function either<Answer>(ask: () => Promise<Answer>, instead: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask()
  } catch (error) {
    if (!isStoreOutage(error)) throw error
    return instead()
  }
}
