import { createHmac, createSign, type KeyObject, randomUUID } from 'node:crypto'
import type { JWTPayload } from 'jose'
import type { ClaimsHold, Expected } from '../controls/jwt-claims.ts'
import type { ReadSignedJwt } from '../controls/jwt-signature.ts'
import type { SealedClaims, TokenForm, TokenKind } from './session.ts'

export interface JwtParts {
  /** A secret signs by HMAC, a private key by RSA. */
  signing: { kid: string; key: KeyObject }
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
 * Tokens as JWTs (HS256 or RS256). Account and identity row travel in them; the store only knows what was revoked, which is little, so an
 * ended session is really ended and an honest one costs a single look-up.
 */
export function jwtForm({ signing, readSigned, claimsHold, nowMs }: JwtParts): TokenForm {
  const sign = { access: signer(signing, EXPECTED.access), refresh: signer(signing, EXPECTED.refresh) }
  return {
    seal: async (kind, claims, lifeMs) => {
      const issuedAt = Math.floor(nowMs() / 1000)
      const { accountId, identityId, sessionId, epoch, endsAtMs } = claims
      const times = { iat: issuedAt, nbf: issuedAt, exp: issuedAt + Math.floor(lifeMs / 1000) }
      return sign[kind]({
        idn: identityId,
        sid: sessionId,
        epo: epoch,
        end: endsAtMs,
        sub: accountId,
        jti: randomUUID(),
        ...times,
      })
    },
    open: async (kind, token) => {
      const signed = await readSigned(token)
      return signed !== undefined && claimsHold(signed, EXPECTED[kind]) ? claimsOf(signed.payload) : undefined
    },
  }
}

/**
 * Signs here and not in jose: its WebCrypto hands each signature to another thread and back, which made two tokens a sixth of a
 * whole login (bench/backend.ts). Reading, where the attacker chooses the bytes, stays with jose.
 */
function signer({ kid, key }: JwtParts['signing'], { typ, issuer, audience }: Expected): (claims: JWTPayload) => string {
  const isSecret = key.type === 'secret'
  const header = base64url({ alg: isSecret ? 'HS256' : 'RS256', typ, kid })
  return claims => {
    const signed = `${header}.${base64url({ ...claims, iss: issuer, aud: audience })}`
    const signature = isSecret
      ? createHmac('sha256', key).update(signed).digest()
      : createSign('RSA-SHA256').update(signed).sign(key)
    return `${signed}.${signature.toString('base64url')}`
  }
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function claimsOf({ sub, jti, idn, sid, epo, end }: JWTPayload): (SealedClaims & { tokenId: string }) | undefined {
  if (!isUuid(sub) || !isUuid(jti) || !isUuid(idn) || !isUuid(sid)) return undefined
  if (typeof end !== 'number' || (epo !== '' && !isUuid(epo))) return undefined
  return { accountId: sub, identityId: idn, sessionId: sid, epoch: epo, endsAtMs: end, tokenId: jti }
}

function isUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value)
}
