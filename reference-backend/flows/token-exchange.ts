import { objectBody, ownField, textOfShape } from '../body-reader.ts'
import { type CarrierClient, isRouteId, type Presented, type RouteId } from '../carriers/exchange.ts'
import type { Carriers } from '../carriers/open.ts'
import type { AppBinding } from '../controls/app-binding.ts'
import type { Route } from '../controls/carrier-routing.ts'
import type { FirstUse } from '../controls/carrier-token-once.ts'
import type { TokenTrust } from '../controls/carrier-token-verified.ts'
import type { NonceGate } from '../controls/nonce-burned-first.ts'
import type { NumberFrom } from '../controls/number-from-carrier.ts'
import type { RefusedLogins } from '../controls/refused-logins-limited.ts'
import type { RequestFields } from '../controls/request-fields.ts'
import { AGGREGATED_TOKEN_SHAPE, APP_ID_SHAPE, AUTH_CODE_SHAPE, OPERATOR_SHAPE } from '../input-shapes.ts'
import type { StageTimes } from '../observe/stage-times.ts'
import { malformed, Refusal } from '../refusal.ts'
import { reportTrouble } from '../trouble.ts'
import { extraDelay } from './extra-delay.ts'
import { sourceOf } from './limiter.ts'

export interface TokenExchangeParts {
  carriers: Carriers
  route: Route
  app: AppBinding
  trust: TokenTrust
  /** Whether a token is passed on without a look at its shape (controls/carrier-request-written.ts). */
  anyToken: boolean
  firstUse: FirstUse
  numberFrom: NumberFrom
  fields: (body: Record<string, unknown>, query: Record<string, unknown>) => RequestFields
  refusedLogins: RefusedLogins
  /** Known time added once the carrier has answered, milliseconds. */
  extraDelayMs: number
  stages: StageTimes
}

export interface ProvenNumber {
  msisdn: string
  route: RouteId
}

/** Turns a request with a carrier token into the number it proves. Throws a Refusal for every no. */
export type TokenExchange = (gate: NonceGate, request: CarrierRequest) => Promise<ProvenNumber>

export interface CarrierRequest {
  body: unknown
  query: unknown
  /** Address it came from. */
  ip: string
}

/**
 * The order is the safeguard: what costs nothing is checked first, the nonce is gone before the carrier is asked, and the token
 * is marked before it is spent. A login that fails after that needs a new nonce and a new token.
 */
export function tokenExchange(parts: TokenExchangeParts): TokenExchange {
  const read = parts.stages.timed('shape', readRequest)
  const firstUse = parts.stages.timed('mark', parts.firstUse)
  const route = parts.stages.timed('carrier', parts.route)
  return async (gate, { body, query, ip }) => {
    const source = sourceOf(ip)
    const { checked, used } = parts.fields(objectBody(body), queryFields(query))
    const request = read(parts, checked)
    await parts.refusedLogins.before(source)
    const nonce = ownField(checked, 'nonce')
    await gate.before(nonce)
    // MobTech's own token only goes along: what the carrier redeems, and so what is spent, is the second.
    if (!(await firstUse(request.route, request.presented.opToken || request.presented.token))) {
      throw new Refusal(409, 'CARRIER_TOKEN_SPENT', 'The token was used before. Get a new one.')
    }
    const token = used === checked ? request.presented.token : String(used.token)
    const answer = await route(request.route, { ...request.presented, token })
    await extraDelay(parts.extraDelayMs)
    if (answer.kind === 'refused' || answer.kind === 'app-refused') await parts.refusedLogins.refused(source)
    // Nobody but the operator can do anything about it.
    if (answer.kind === 'app-refused') reportTrouble(new Error(`${request.route} refuses this app: ${answer.code}`))
    await gate.after(nonce, answer.kind === 'number')
    return { msisdn: parts.numberFrom(parts.trust.numberOf(answer, token), used), route: request.route }
  }
}

interface ReadRequest {
  route: RouteId
  presented: Presented
}

/** Unknown fields are ignored. */
function readRequest(parts: TokenExchangeParts, body: Readonly<Record<string, unknown>>): ReadRequest {
  const route = ownField(body, 'carrier')
  if (!isRouteId(route)) throw malformed('BODY_MALFORMED', 'The field carrier must name one of the carriers.')
  const client = parts.carriers.get(route)
  if (client === undefined) throw new Refusal(422, 'CARRIER_NOT_OFFERED', 'Login by this carrier is not offered here.')
  const presented = {
    appId: parts.app.askAs(client.appId, appIdOf(client, body)),
    token: tokenOf(parts, route, ownField(body, 'token')),
    authCode: route === 'china-telecom' ? textOfShape(body, 'authCode', AUTH_CODE_SHAPE) : '',
    operator: route === 'mobtech' ? textOfShape(body, 'operator', OPERATOR_SHAPE) : '',
    opToken: route === 'mobtech' ? textOfShape(body, 'opToken', AGGREGATED_TOKEN_SHAPE) : '',
  }
  return { route, presented }
}

function appIdOf(client: CarrierClient, body: Readonly<Record<string, unknown>>): string {
  return client.appId === undefined ? '' : textOfShape(body, 'appId', APP_ID_SHAPE)
}

function tokenOf(parts: TokenExchangeParts, route: RouteId, token: unknown): string {
  return parts.anyToken && typeof token === 'string' ? token : parts.trust.admit(route, token)
}

function queryFields(query: unknown): Record<string, unknown> {
  return typeof query === 'object' && query !== null ? { ...query } : {}
}
