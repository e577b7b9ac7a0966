import { setTimeout as sleep } from 'node:timers/promises'
import { defineControl } from './define.ts'
import type { ConsumeNonce } from './nonce-issued.ts'
import type { NonceStore } from './nonce-store.ts'

/** Long enough to be a turn of the event loop with I/O in it, as a store on another machine would cost. */
const STORE_TURN_MS = 3

/** `keyOf`: where a nonce lies in the store. */
export default defineControl<(store: NonceStore, keyOf: (nonce: string) => string) => ConsumeNonce>({
  id: 'nonce-single-use',
  why: 'a captured login request must not work twice, nor twice at once',
  sound: (store, keyOf) => async nonce => (await store.take(keyOf(nonce))) !== undefined,
  flaws: {
    // Left to run out by itself: two minutes of replay.
    reusable: (store, keyOf) => nonce => store.hasAny([keyOf(nonce)]),
    // Look, then delete: all who look before the first delete win.
    racy: (store, keyOf) => async nonce => {
      if (!(await store.hasAny([keyOf(nonce)]))) return false
      await sleep(STORE_TURN_MS)
      await store.drop(keyOf(nonce))
      return true
    },
  },
})
