import type { JWTPayload } from 'jose'
import { defineControl } from './define.ts'
import type { SignedJwt } from './jwt-signature.ts'

/** What a token must say of itself to be of use here. */
export interface Expected {
  typ: string
  issuer: string
  audience: string
}

/** Whether a signed token is meant for this purpose and this moment. */
export type ClaimsHold = (token: SignedJwt, expected: Expected) => boolean

/** Clocks of two instances differ by less. */
const SKEW_SECONDS = 5

export default defineControl<(nowMs: () => number) => ClaimsHold>({
  id: 'jwt-claims',
  why: 'a right signature says who wrote a token, not what for nor until when',
  sound: nowMs => (token, expected) => isFor(token, expected) && isTimely(token.payload, nowMs() / 1000),
  flaws: {
    // The low-level verify function was used: it checks the signature and nothing else.
    'jwt-no-time': () => isFor,
    // One verify function for every ticket the service signs.
    'ticket-confusion': nowMs => token => isTimely(token.payload, nowMs() / 1000),
  },
})

function isFor({ header, payload }: SignedJwt, { typ, issuer, audience }: Expected): boolean {
  return header.typ === typ && payload.iss === issuer && payload.aud === audience
}

/** Each of the three must be there, and be a number: a claim of another type is no claim. */
function isTimely({ exp, nbf, iat }: JWTPayload, nowSeconds: number): boolean {
  if (![exp, nbf, iat].every(claim => typeof claim === 'number' && Number.isFinite(claim))) return false
  const latest = nowSeconds + SKEW_SECONDS
  return Number(exp) > nowSeconds && Number(nbf) <= latest && Number(iat) <= latest
}
