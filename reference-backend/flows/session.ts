import type { EphemeralStore } from '../stores/ephemeral.ts'

export const SESSION_LIFE_MS = 3_600_000

/** Whose session, and by which identity row it was obtained. */
export interface SessionOwner {
  accountId: string
  identityId: string
}

export interface OpenSession extends SessionOwner {
  /** Names this one session; not the credential. */
  sessionId: string
}

/** token_a, in either form. A credential that is not ours, ended or was revoked opens nothing: no error, just undefined. */
export interface SessionFlow {
  issue(owner: SessionOwner): Promise<string>
  open(credential: string): Promise<OpenSession | undefined>
  /** Ends this session; others of the account live on. */
  end(session: OpenSession): Promise<void>
  /** Ends all sessions obtained by an identity row, and those a login in flight is about to obtain. */
  cutIdentity(identityId: string): Promise<void>
}

/**
 * The cut is a mark on the identity row, not a list of sessions: row ids are never reused, so a login that found the row before
 * it was unbound and issues its session afterwards still gets one that opens nothing.
 */
export function cutKey(identityId: string): string {
  return `cut:${identityId}`
}

export function cutIdentity(store: EphemeralStore, identityId: string): Promise<void> {
  // A minute longer than a session issued right now can live.
  return store.put(cutKey(identityId), '1', SESSION_LIFE_MS + 60_000)
}
