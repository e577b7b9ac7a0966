import { objectBody, ownField, textOfShape } from '../body-reader.ts'
import { isRouteId, type RouteId } from '../carriers/exchange.ts'
import type { NumberChecks } from '../carriers/open.ts'
import type { TokenTrust } from '../controls/carrier-token-verified.ts'
import type { NonceGate } from '../controls/nonce-burned-first.ts'
import type { ReadNumber } from '../controls/number-canonical.ts'
import type { VerifyLimits } from '../controls/verify-limits.ts'
import { LAST_DIGITS_SHAPE } from '../input-shapes.ts'
import { malformed, Refusal } from '../refusal.ts'
import type { AccountStore } from '../stores/accounts.ts'
import { sourceOf } from './limiter.ts'
import type { OpenSession } from './session.ts'

export interface VerifyNumberParts {
  checks: NumberChecks
  trust: TokenTrust
  limits: VerifyLimits
  accounts: AccountStore
  readNumber: ReadNumber
  gate: NonceGate
}

/**
 * Is this the number of the device? The whole number is asked about as typed; of last digits, whether they are the end of the
 * account's own number and that number is the device's. Yes or no, never a number.
 */
export type VerifyNumber = (session: OpenSession, body: unknown, ip: string) => Promise<{ match: boolean }>

export function verifyNumberFlow(parts: VerifyNumberParts): VerifyNumber {
  return async (session, body, ip) => {
    const fields = objectBody(body)
    const route = ownField(fields, 'carrier')
    if (!isRouteId(route)) throw malformed('BODY_MALFORMED', 'The field carrier must name one of the carriers.')
    const client = parts.checks.get(route)
    if (client === undefined) throw new Refusal(422, 'CARRIER_NOT_OFFERED', 'This carrier cannot be asked about numbers here.')
    const token = parts.trust.admit(route, ownField(fields, 'token'))
    const { msisdn, typedRight, partial } = await asked(parts, session, fields)
    const nonce = ownField(fields, 'nonce')
    if (nonce !== undefined) await parts.gate.before(nonce)
    await parts.limits.admit({ accountId: session.accountId, source: sourceOf(ip), route, token, msisdn, partial })
    if (partial && parts.limits.answersPartialAlone) return { match: typedRight }
    // The carrier is asked in any case: a guess that is wrong must cost what a right one costs, in time as in tokens.
    return { match: (await answered(parts, route, token, msisdn)) && typedRight }
  }
}

async function answered(parts: VerifyNumberParts, route: RouteId, token: string, msisdn: string): Promise<boolean> {
  const answer = await parts.checks.get(route)?.verify(token, msisdn)
  if (answer?.kind === 'verified') return answer.match
  // Never returns: without a number the same refusals hold as for a login.
  parts.trust.numberOf(answer ?? { kind: 'failed', reason: 'no such carrier' }, token)
  return false
}

interface Asked {
  msisdn: string
  typedRight: boolean
  partial: boolean
}

async function asked(parts: VerifyNumberParts, session: OpenSession, fields: Readonly<Record<string, unknown>>): Promise<Asked> {
  if (Object.hasOwn(fields, 'number')) {
    const msisdn = parts.readNumber(ownField(fields, 'number'))
    if (msisdn === undefined) throw malformed('BODY_MALFORMED', 'The field number is not a phone number of this country.')
    return { msisdn, typedRight: true, partial: false }
  }
  const lastDigits = textOfShape(fields, 'lastDigits', LAST_DIGITS_SHAPE)
  const own = (await parts.accounts.account(session.accountId))?.msisdn
  if (own === undefined) throw malformed('BODY_MALFORMED', 'The account has no number the digits could belong to.')
  return { msisdn: own, typedRight: own.endsWith(lastDigits), partial: true }
}
