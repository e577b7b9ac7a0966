import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RouteId } from '../carriers/exchange.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'

/** True for the first who presents this token at this carrier, and for nobody after. Runs before the carrier call. */
export type FirstUse = (carrier: RouteId, token: string) => Promise<boolean>

/** Outlives by far the longest token life that current documents name (30 minutes). */
const MARK_LIFE_MS = 24 * 3_600_000

export default defineControl<(store: EphemeralStore) => FirstUse>({
  id: 'carrier-token-once',
  why: 'some carriers let a token be exchanged again and again, so a stolen one would open the door for its whole life',
  sound: store => (carrier, token) => store.putIfAbsent(markKey(carrier, token), '1', MARK_LIFE_MS),
  flaws: {
    // Left to the carrier, which is documented to accept a token once.
    absent: () => async () => true,
    // Look, then note: all who look before the first note are first.
    'seen-token-racy': store => async (carrier, token) => {
      const key = markKey(carrier, token)
      if (await store.hasAny([key])) return false
      await sleep(3)
      await store.put(key, '1', MARK_LIFE_MS)
      return true
    },
  },
})

/** The mark holds a digest: whoever reads the store must not find tokens in it. */
function markKey(carrier: RouteId, token: string): string {
  return `spent:${carrier}:${createHash('sha256').update(token).digest('base64url')}`
}
