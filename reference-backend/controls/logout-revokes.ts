import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'

/** Marks a session as ended. */
export type EndSession = (revokedKey: string, lifeMs: number) => Promise<void>

export default defineControl<(store: EphemeralStore) => EndSession>({
  id: 'logout-revokes',
  why: 'a credential that was copied before the logout must be dead after it',
  sound: store => (revokedKey, lifeMs) => store.put(revokedKey, '1', lifeMs),
  flaws: {
    // The app forgets its token, and that is all that happens.
    'logout-client-only': () => async () => {},
  },
})
