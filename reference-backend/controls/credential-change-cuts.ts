import type { OpenSession, SessionFlow } from '../flows/session.ts'
import { defineControl } from './define.ts'

/** Ends the sessions of an account whose password changed. `kept`: the one that changed it. */
export type CutSessions = (accountId: string, kept?: OpenSession) => Promise<void>

export default defineControl<(sessions: SessionFlow) => CutSessions>({
  id: 'credential-change-cuts',
  why: 'people change a password because somebody else is in',
  sound: sessions => (accountId, kept) => sessions.endAll(accountId, kept),
  flaws: {
    'reset-keeps-sessions': () => async () => {},
  },
})
