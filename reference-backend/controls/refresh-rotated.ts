import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'

/** True for the first who uses a refresh token, and for nobody after. */
export type FirstRefresh = (tokenId: string, lifeMs: number) => Promise<boolean>

export default defineControl<(store: EphemeralStore) => FirstRefresh>({
  id: 'refresh-rotated',
  why: 'a stolen refresh token would mint sessions beside its owner for a month',
  sound: store => (tokenId, lifeMs) => store.putIfAbsent(`refreshed:${tokenId}`, '1', lifeMs),
  flaws: {
    // A new one is handed out each time, the old one is never retired.
    'refresh-reusable': () => async () => true,
  },
})
