import { randomUUID } from 'node:crypto'
import { type CryptoKey, type JWTPayload, SignJWT } from 'jose'
import type { VerifyJwt } from '../controls/jwt-signature.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { cutIdentity, cutKey, type OpenSession, SESSION_LIFE_MS, type SessionFlow } from './session.ts'

export interface JwtParts {
  store: EphemeralStore
  secret: CryptoKey
  verify: VerifyJwt
  nowMs: () => number
}

/** What our own tokens hold in the fields that go to a store: anything else never gets that far. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * token_a as a JWT (HS256). Account and identity row travel in it; the store only knows what was revoked, which is little,
 * so an ended session is really ended and an honest one costs a single look-up.
 */
export function jwtSessions({ store, secret, verify, nowMs }: JwtParts): SessionFlow {
  return {
    issue: ({ accountId, identityId }) => {
      const issuedAt = Math.floor(nowMs() / 1000)
      return new SignJWT({ idn: identityId })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(accountId)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + SESSION_LIFE_MS / 1000)
        .sign(secret)
    },
    open: async credential => {
      const payload = await verify(credential)
      const session = payload === undefined ? undefined : sessionOf(payload)
      if (session === undefined) return undefined
      const revoked = await store.hasAny([revokedKey(session.sessionId), cutKey(session.identityId)])
      return revoked ? undefined : session
    },
    end: session => store.put(revokedKey(session.sessionId), '1', SESSION_LIFE_MS),
    cutIdentity: identityId => cutIdentity(store, identityId),
  }
}

function sessionOf({ sub, jti, idn }: JWTPayload): OpenSession | undefined {
  if (!isUuid(sub) || !isUuid(jti) || !isUuid(idn)) return undefined
  return { accountId: sub, sessionId: jti, identityId: idn }
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}

function revokedKey(sessionId: string): string {
  return `revoked:${sessionId}`
}
