import { objectBody, ownField, textOfShape } from '../body-reader.ts'
import { type CarrierClient, type CarrierId, isCarrierId } from '../carriers/exchange.ts'
import type { Carriers } from '../carriers/open.ts'
import type { FirstUse } from '../controls/carrier-token-once.ts'
import type { TokenTrust } from '../controls/carrier-token-verified.ts'
import type { RequireNonce } from '../controls/nonce-issued.ts'
import { malformed, Refusal } from '../refusal.ts'
import type { AccountStore } from '../stores/accounts.ts'
import { extraDelay } from './extra-delay.ts'
import type { SessionFlow } from './session.ts'

export interface OneTapParts {
  carriers: Carriers
  trust: TokenTrust
  requireNonce: RequireNonce
  firstUse: FirstUse
  accounts: AccountStore
  sessions: SessionFlow
  /** Known time added once the carrier has answered, milliseconds. */
  extraDelayMs: number
  nowMs: () => number
}

export interface OneTapReply {
  tokenA: string
  account: { id: string }
  created: boolean
}

/** Logs in or registers by a carrier token. Throws a Refusal for every no. */
export type OneTapFlow = (body: unknown, ip: string) => Promise<OneTapReply>

/**
 * The order is the safeguard: what costs nothing is checked first, the nonce is gone before the carrier is asked, and the token
 * is marked before it is spent. A login that fails after that needs a new nonce and a new token.
 */
export function oneTapFlow(parts: OneTapParts): OneTapFlow {
  return async (body, ip) => {
    const request = readRequest(parts, objectBody(body))
    await parts.requireNonce(request.nonce)
    if (!(await parts.firstUse(request.carrier, request.token))) {
      throw new Refusal(409, 'CARRIER_TOKEN_SPENT', 'The token was used before. Get a new one.')
    }
    const answer = await request.client.exchange(request.token, request.authCode)
    await extraDelay(parts.extraDelayMs)
    const identifier = parts.trust.numberOf(answer, request.token)
    const login = await parts.accounts.logIn({ type: 'phone', identifier, atMs: parts.nowMs(), ip })
    const tokenA = await parts.sessions.issue(login)
    return { tokenA, account: { id: login.accountId }, created: login.created }
  }
}

interface OneTapRequest {
  carrier: CarrierId
  client: CarrierClient
  token: string
  authCode: string
  nonce: unknown
}

const APP_ID_SHAPE = /^[\x21-\x7e]{1,64}$/
const AUTH_CODE_SHAPE = /^[0-9A-Za-z]{32}$/

/** Unknown fields are ignored. The nonce is left as it came: its control reads it. */
function readRequest(parts: OneTapParts, body: Record<string, unknown>): OneTapRequest {
  const carrier = ownField(body, 'carrier')
  if (!isCarrierId(carrier)) throw malformed('BODY_MALFORMED', 'The field carrier must name one of the carriers.')
  const client = parts.carriers.get(carrier)
  if (client === undefined) throw new Refusal(422, 'CARRIER_NOT_OFFERED', 'Login by this carrier is not offered here.')
  const appId = textOfShape(body, 'appId', APP_ID_SHAPE)
  if (appId !== client.appId) throw new Refusal(403, 'APP_UNKNOWN', 'This app is not ours.')
  const token = parts.trust.admit(carrier, ownField(body, 'token'))
  const authCode = carrier === 'china-telecom' ? textOfShape(body, 'authCode', AUTH_CODE_SHAPE) : ''
  return { carrier, client, token, authCode, nonce: ownField(body, 'nonce') }
}
