import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CarrierId, isCarrierId } from '../src/contract/carriers.ts'
import type { IssuedToken } from '../src/contract/journal.ts'
import { maskNumber } from '../src/contract/people.ts'
import { PROVIDER_KINDS } from '../src/contract/providers.ts'
import type { TokenPurpose } from '../src/contract/token.ts'
import type { Dialect } from './dialect.ts'
import type { NumberLives } from './life.ts'
import { type LoadTokenWish, loadToken, loadTokenWish } from './load-token.ts'
import type { Teller } from './teller.ts'
import { jsonObject } from './wire/string-fields.ts'

/**
 * The device side of a carrier or an aggregator: what its SDK asks over the mobile network. The real protocols are the vendors'
 * secret; these two routes are ours and only stand in for "a phone with this SIM card". They are not journaled: no backend calls them.
 */
export interface HandsetPorts {
  seed: number
  lives: NumberLives
  teller: Teller
  /** All that run: a phone may ask its carrier for an aggregator's token. */
  dialects: readonly Dialect[]
  nowMs(): number
}

export function addHandsetRoutes(app: FastifyInstance, dialect: Dialect, ports: HandsetPorts): void {
  app.post('/handset/v1/prefetch', (request, reply) => {
    const asked = ask(request, reply, dialect, ports)
    if (asked !== undefined) sendJson(reply, 200, { maskedNumber: maskNumber(asked.msisdn), carrier: asked.carrier })
  })
  app.post('/handset/v1/authorize', (request, reply) => {
    const asked = ask(request, reply, dialect, ports)
    if (asked === undefined) return
    const issued =
      asked.load === undefined
        ? issueToken(ports, asked.dialect, asked.subscriberIndex, asked.appIndex, asked.purpose)
        : loadToken(ports.seed, { ...asked, appId: asked.dialect.apps[asked.appIndex]?.appId ?? '' }, asked.load)
    if (issued !== undefined) sendJson(reply, 200, issued)
    else fail(reply, 429, 'TOO_MANY_TOKENS', '30 unused tokens of this number within 10 minutes (China Mobile: 103911)')
  })
  for (const [path, serve] of Object.entries(dialect.deviceRoutes ?? {})) {
    app.post(`/handset/v1/${path}`, (request, reply) => {
      const fields = typeof request.body === 'string' ? jsonObject(request.body) : undefined
      if (fields === undefined) return fail(reply, 400, 'BAD_REQUEST', 'needs a JSON object')
      const { httpStatus, value } = serve(fields)
      sendJson(reply, httpStatus, value)
    })
  }
}

/** Takes a token for a number; undefined when too many of its tokens are unused. */
export function issueToken(
  ports: Pick<HandsetPorts, 'teller' | 'nowMs'>,
  dialect: Dialect,
  subscriberIndex: number,
  appIndex: number,
  purpose: TokenPurpose,
): IssuedToken | undefined {
  const { provider } = dialect
  const issuer = isCarrierId(provider) ? {} : { provider }
  const issue = ports.teller.issue({ subscriberIndex, appIndex, purpose, ...issuer, nowMs: ports.nowMs() })
  if (issue.kind === 'too-many-unused') return undefined
  return {
    provider,
    carrier: issue.carrier,
    appId: dialect.apps[appIndex]?.appId ?? '',
    token: issue.token,
    ...(issue.authCode === undefined ? {} : { authCode: issue.authCode }),
    ...(dialect.extra === undefined ? {} : { extra: dialect.extra(issue) }),
    expiresInMs: issue.expiresInMs,
  }
}

interface Asked {
  /** Who will redeem the token. */
  dialect: Dialect
  carrier: CarrierId
  subscriberIndex: number
  msisdn: string
  appIndex: number
  purpose: TokenPurpose
  /** Present when a generator's phone asks. */
  load?: LoadTokenWish
}

function ask(request: FastifyRequest, reply: FastifyReply, dialect: Dialect, ports: HandsetPorts): Asked | undefined {
  const fields = typeof request.body === 'string' ? jsonObject(request.body) : undefined
  const { imsi, appId, purpose = 'login', provider = dialect.provider } = fields ?? {}
  if (typeof imsi !== 'string' || typeof appId !== 'string' || (purpose !== 'login' && purpose !== 'verify')) {
    return fail(reply, 400, 'BAD_REQUEST', 'needs JSON with imsi, appId and perhaps purpose ("login" or "verify") and provider')
  }
  const sim = ports.lives.simByImsi(imsi)
  if (sim === undefined || (isCarrierId(dialect.provider) && sim.carrier !== dialect.provider)) {
    return fail(reply, 403, 'SIM_UNKNOWN', 'no living SIM card of this carrier has this IMSI')
  }
  const redeemer = ports.dialects.find(one => one.provider === provider)
  if (redeemer === undefined || !redeemsTokensOf(redeemer, sim.carrier)) {
    return fail(reply, 400, 'PROVIDER_UNKNOWN', 'no such provider runs that redeems tokens of this SIM card')
  }
  const app = redeemer.apps.find(one => one.appId === appId)
  if (app === undefined) return fail(reply, 403, 'APP_UNKNOWN', 'this provider has no app with this id')
  const load = loadTokenWish(fields ?? {})
  if (typeof load === 'string') return fail(reply, 400, 'BAD_REQUEST', load)
  if (load !== undefined && redeemer.provider !== sim.carrier) {
    return fail(reply, 400, 'BAD_REQUEST', 'load tokens are of carriers, not of aggregators')
  }
  return {
    dialect: redeemer,
    carrier: sim.carrier,
    subscriberIndex: sim.index,
    msisdn: sim.msisdn,
    appIndex: app.appIndex,
    purpose,
    ...(load === undefined ? {} : { load }),
  }
}

/** A carrier redeems tokens of its own SIM cards, an aggregator those of all carriers, the others none. */
export function redeemsTokensOf({ provider }: Dialect, carrier: CarrierId): boolean {
  return isCarrierId(provider) ? provider === carrier : PROVIDER_KINDS[provider] === 'aggregator'
}

function fail(reply: FastifyReply, httpStatus: number, code: string, message: string): undefined {
  sendJson(reply, httpStatus, { error: { code, message } })
  return undefined
}

function sendJson(reply: FastifyReply, httpStatus: number, value: unknown): void {
  reply.code(httpStatus).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(value))
}
