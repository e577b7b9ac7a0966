import { setTimeout as sleep } from 'node:timers/promises'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'

/** Counts one more under the key and returns the sum; the count begins anew `windowMs` after its first. */
export type Count = (key: string, windowMs: number) => Promise<number>

export default defineControl<(store: EphemeralStore) => Count>({
  id: 'limit-counting',
  why: 'a limit read before it is written lets a burst through as wide as the burst is fast',
  sound: store => (key, windowMs) => store.bump(key, windowMs),
  flaws: {
    // Read, add, write: all who read before the first write count the same.
    'limit-racy': store => async (key, windowMs) => {
      const sum = Number((await store.get(key)) ?? 0) + 1
      await sleep(3)
      await store.put(key, String(sum), windowMs)
      return sum
    },
  },
})
