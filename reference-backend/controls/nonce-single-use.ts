import { setTimeout as sleep } from 'node:timers/promises'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'
import type { ConsumeNonce } from './nonce-issued.ts'

/** Long enough to be a turn of the event loop with I/O in it, as a store on another machine would cost. */
const STORE_TURN_MS = 3

/** Where a nonce lies in the ephemeral store. */
export function nonceKey(nonce: string): string {
  return `nonce:${nonce}`
}

export default defineControl<(store: EphemeralStore) => ConsumeNonce>({
  id: 'nonce-single-use',
  why: 'a captured login request must not work twice, nor twice at once',
  sound: store => async nonce => (await store.take(nonceKey(nonce))) !== undefined,
  flaws: {
    // Left to run out by itself: two minutes of replay.
    reusable: store => nonce => store.hasAny([nonceKey(nonce)]),
    // Look, then delete: all who look before the first delete win.
    racy: store => async nonce => {
      if (!(await store.hasAny([nonceKey(nonce)]))) return false
      await sleep(STORE_TURN_MS)
      await store.drop(nonceKey(nonce))
      return true
    },
  },
})
