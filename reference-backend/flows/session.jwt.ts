import { randomUUID } from 'node:crypto'
import { type CryptoKey, type JWTPayload, SignJWT } from 'jose'
import type { ClaimsHold, Expected } from '../controls/jwt-claims.ts'
import type { ReadSignedJwt } from '../controls/jwt-signature.ts'
import type { SealedClaims, TokenForm, TokenKind } from './session.ts'

export interface JwtParts {
  signing: { kid: string; key: CryptoKey }
  readSigned: ReadSignedJwt
  claimsHold: ClaimsHold
  nowMs: () => number
}

const ISSUER = 'reference-backend'

/** Type and audience keep tokens of one purpose from opening another (RFC 8725, 3.9 and 3.11). */
const EXPECTED: Record<TokenKind, Expected> = {
  access: { typ: 'at+jwt', issuer: ISSUER, audience: 'reference-backend:api' },
  refresh: { typ: 'rt+jwt', issuer: ISSUER, audience: 'reference-backend:refresh' },
}

/** What our own tokens hold in the fields that go to a store: anything else never gets that far. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Tokens as JWTs (HS256). Account and identity row travel in them; the store only knows what was revoked, which is little, so an
 * ended session is really ended and an honest one costs a single look-up.
 */
export function jwtForm({ signing, readSigned, claimsHold, nowMs }: JwtParts): TokenForm {
  return {
    seal: (kind, claims, lifeMs) => {
      const { typ, issuer, audience } = EXPECTED[kind]
      const issuedAt = Math.floor(nowMs() / 1000)
      const { accountId, identityId, sessionId, epoch, endsAtMs } = claims
      return new SignJWT({ idn: identityId, sid: sessionId, epo: epoch, end: endsAtMs })
        .setProtectedHeader({ alg: 'HS256', typ, kid: signing.kid })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(accountId)
        .setJti(randomUUID())
        .setIssuedAt(issuedAt)
        .setNotBefore(issuedAt)
        .setExpirationTime(issuedAt + Math.floor(lifeMs / 1000))
        .sign(signing.key)
    },
    open: async (kind, token) => {
      const signed = await readSigned(token)
      return signed !== undefined && claimsHold(signed, EXPECTED[kind]) ? claimsOf(signed.payload) : undefined
    },
  }
}

function claimsOf({ sub, jti, idn, sid, epo, end }: JWTPayload): (SealedClaims & { tokenId: string }) | undefined {
  if (!isUuid(sub) || !isUuid(jti) || !isUuid(idn) || !isUuid(sid)) return undefined
  if (typeof end !== 'number' || (epo !== '' && !isUuid(epo))) return undefined
  return { accountId: sub, identityId: idn, sessionId: sid, epoch: epo, endsAtMs: end, tokenId: jti }
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}
