import { randomUUID } from 'node:crypto'
import { Refusal } from '../refusal.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'

/** Life of token_a. */
export const SESSION_LIFE_MS = 3_600_000
/** Life of a session however often it is refreshed, counted from the login. */
export const REFRESH_LIFE_MS = 30 * 24 * 3_600_000
/** Marks of what ended outlive everything they end. */
const MARK_LIFE_MS = REFRESH_LIFE_MS + 60_000

/** Whose session, and by which identity row it was obtained. */
export interface SessionOwner {
  accountId: string
  identityId: string
}

export interface OpenSession extends SessionOwner {
  /** Names the session from login to logout, over all its refreshes; not the credential. */
  sessionId: string
}

export interface Credentials {
  tokenA: string
  refreshToken: string
  /** Life of tokenA. */
  expiresInMs: number
}

/** What a token stands for. `epoch` is that of the account when the session began (see endAll). */
export interface SealedClaims extends OpenSession {
  epoch: string
  /** When the session ends for good, epoch milliseconds. */
  endsAtMs: number
}

export type TokenKind = 'access' | 'refresh'

/** The form tokens take on their way through the client: signed, or a random value with the claims kept here. */
export interface TokenForm {
  /** `proposed`: a value the client would like; sound forms make their own. */
  seal(kind: TokenKind, claims: SealedClaims, lifeMs: number, proposed?: unknown): Promise<string>
  /** Undefined for what is not ours, of another kind or past its life. Does not look at what was revoked. */
  open(kind: TokenKind, token: string): Promise<(SealedClaims & { tokenId: string }) | undefined>
}

/** Sessions in either form. A credential that is not ours, ended or was revoked opens nothing: no error, just undefined. */
export interface SessionFlow {
  /**
   * `since`: the account's epoch when the proof was looked at. A proof may take a while (a password's hash does), and if all
   * sessions end meanwhile, the one begun on it must not outlive them.
   */
  begin(owner: SessionOwner, proposed?: unknown, since?: string): Promise<Credentials>
  /** Changes with every endAll; for begin. */
  epochOf(accountId: string): Promise<string>
  open(credential: string): Promise<OpenSession | undefined>
  /** New credentials for a refresh token. Throws 401; one used before ends the session, for one of its two users stole it. */
  refresh(refreshToken: string): Promise<Credentials>
  /** Ends this session; others of the account live on. */
  end(session: OpenSession): Promise<void>
  /** Ends all sessions of the account but `kept`, those a login in flight is about to begin included. */
  endAll(accountId: string, kept?: OpenSession): Promise<void>
  /** Ends all sessions obtained by an identity row, and those a login in flight is about to obtain. */
  cutIdentity(identityId: string): Promise<void>
}

export interface SessionParts {
  form: TokenForm
  store: EphemeralStore
  nowMs: () => number
  /** True for the first who uses this refresh token (controls/refresh-rotated.ts). */
  firstRefresh: (tokenId: string, lifeMs: number) => Promise<boolean>
  /** controls/logout-revokes.ts */
  endSession: (sessionId: string, lifeMs: number) => Promise<void>
}

/**
 * What ended is marked, what lives is not listed. The cut of an identity is a mark on its row: row ids are never reused, so a
 * login that found the row before it was unbound and begins its session afterwards still gets one that opens nothing. The end of
 * all sessions of an account is a new random epoch: what was begun under another is dead, whatever the clocks of instances say.
 */
export function sessionFlow({ form, store, nowMs, firstRefresh, endSession }: SessionParts): SessionFlow {
  const credentials = async (claims: SealedClaims, proposed?: unknown): Promise<Credentials> => {
    const leftMs = claims.endsAtMs - nowMs()
    const expiresInMs = Math.min(SESSION_LIFE_MS, leftMs)
    const [tokenA, refreshToken] = await Promise.all([
      form.seal('access', claims, expiresInMs, proposed),
      form.seal('refresh', claims, leftMs),
    ])
    return { tokenA, refreshToken, expiresInMs }
  }
  const alive = async ({ accountId, identityId, sessionId, epoch }: SealedClaims): Promise<boolean> => {
    const keys = [revokedKey(sessionId), cutKey(identityId), epochKey(accountId)]
    const [revoked, cut, current = ''] = await store.getAll(keys)
    if (revoked !== undefined || cut !== undefined) return false
    const [now = '', kept] = current.split(' ')
    return now === epoch || kept === sessionId
  }
  const epochOf: SessionFlow['epochOf'] = async accountId => ((await store.get(epochKey(accountId))) ?? '').split(' ')[0] ?? ''
  return {
    epochOf,
    begin: async ({ accountId, identityId }, proposed, since) => {
      const epoch = since ?? (await epochOf(accountId))
      const endsAtMs = nowMs() + REFRESH_LIFE_MS
      return credentials({ accountId, identityId, sessionId: randomUUID(), epoch, endsAtMs }, proposed)
    },
    open: async credential => {
      const claims = await form.open('access', credential)
      if (claims === undefined || !(await alive(claims))) return undefined
      const { accountId, identityId, sessionId } = claims
      return { accountId, identityId, sessionId }
    },
    refresh: async refreshToken => {
      const claims = await form.open('refresh', refreshToken)
      if (claims === undefined || !(await alive(claims))) throw refreshInvalid()
      const { tokenId, ...session } = claims
      const leftMs = Math.max(1, session.endsAtMs - nowMs())
      if (await firstRefresh(tokenId, leftMs)) return credentials(session)
      await store.put(revokedKey(session.sessionId), '1', MARK_LIFE_MS)
      throw refreshInvalid()
    },
    end: session => endSession(revokedKey(session.sessionId), MARK_LIFE_MS),
    endAll: (accountId, kept) => {
      const epoch = `${randomUUID()} ${kept?.sessionId ?? ''}`
      return store.put(epochKey(accountId), epoch, MARK_LIFE_MS)
    },
    cutIdentity: identityId => store.put(cutKey(identityId), '1', MARK_LIFE_MS),
  }
}

function refreshInvalid(): Refusal {
  return new Refusal(401, 'REFRESH_INVALID', 'The refresh token is not ours, has ended or was used. Log in again.')
}

function revokedKey(sessionId: string): string {
  return `revoked:${sessionId}`
}

function cutKey(identityId: string): string {
  return `cut:${identityId}`
}

function epochKey(accountId: string): string {
  return `epoch:${accountId}`
}
