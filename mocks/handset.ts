import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type CarrierId, isCarrierId } from '../src/contract/carriers.ts'
import type { IssuedToken } from '../src/contract/journal.ts'
import { maskNumber } from '../src/contract/people.ts'
import { PROVIDER_KINDS } from '../src/contract/providers.ts'
import type { TokenPurpose } from '../src/contract/token.ts'
import type { Dialect } from './dialect.ts'
import type { Journal } from './journal.ts'
import type { NumberLives } from './life.ts'
import { type LoadTokenWish, loadToken, loadTokenWish } from './load-token.ts'
import type { AppOnPhone, Phones } from './phones.ts'
import type { Teller } from './teller.ts'
import { jsonObject } from './wire/string-fields.ts'

/**
 * The device side of a carrier or an aggregator: what its SDK asks over the mobile network. The real protocols are the vendors'
 * secret; these routes are ours and only stand in for "an app on a phone with this SIM card". They are not journaled: no backend
 * calls them. How the phone is connected is told by `connection`.
 */
export interface HandsetPorts {
  seed: number
  lives: NumberLives
  teller: Teller
  phones: Phones
  journal: Journal
  /** All that run: a phone may ask its carrier for an aggregator's token. */
  dialects: readonly Dialect[]
  nowMs(): number
}

export function addHandsetRoutes(app: FastifyInstance, dialect: Dialect, ports: HandsetPorts): void {
  const phones = new WeakSet<object>()
  app.addHook('onRequest', (request, _reply, done) => {
    // Whoever asks this side is a phone, and its connection is none of a backend's.
    if (request.url.startsWith('/handset/') && !phones.has(request.raw.socket)) {
      phones.add(request.raw.socket)
      ports.journal.traffic.wasPhone(dialect.provider)
    }
    done()
  })
  app.post('/handset/v1/prefetch', (request, reply) => {
    const asked = ask(request, reply, dialect, ports)
    if (asked === undefined) return
    const reached = ports.phones.prefetch(asked.on)
    if (reached.kind === 'no-network' || reached.kind === 'no-mobile-data') return unreached(reply, reached.kind)
    const way = reached.kind === 'cached' ? 'cache' : reached.way
    sendJson(reply, 200, { maskedNumber: maskNumber(asked.msisdn), carrier: asked.carrier, way })
  })
  app.post('/handset/v1/authorize', (request, reply) => {
    const asked = ask(request, reply, dialect, ports)
    if (asked === undefined) return
    if (asked.load !== undefined) {
      // A generator's phones are as many as its visits: they always have mobile data, and nothing is kept of them.
      const appId = asked.dialect.apps[asked.appIndex]?.appId ?? ''
      return sendJson(reply, 200, loadToken(ports.seed, { ...asked, appId }, asked.load))
    }
    const reached = ports.phones.authorize(asked.on)
    if (reached.kind !== 'reached') return unreached(reply, reached.kind)
    const issued = issueToken(ports, asked.dialect, asked.subscriberIndex, asked.appIndex, asked.purpose)
    if (issued !== undefined) sendJson(reply, 200, { ...issued, way: reached.way })
    else fail(reply, 429, 'TOO_MANY_TOKENS', '30 unused tokens of this number within 10 minutes (China Mobile: 103911)')
  })
  app.post('/handset/v1/connection', (request, reply) => {
    const { imsi, wifi, mobileData } = (typeof request.body === 'string' ? jsonObject(request.body) : undefined) ?? {}
    const given = [wifi, mobileData].every(one => one === undefined || typeof one === 'boolean')
    if (typeof imsi !== 'string' || !given) {
      return fail(reply, 400, 'BAD_REQUEST', 'needs JSON with imsi and perhaps wifi and mobileData (true or false)')
    }
    if (ports.lives.simByImsi(imsi) === undefined) return fail(reply, 403, 'SIM_UNKNOWN', 'no living SIM card has this IMSI')
    const change = { ...(typeof wifi === 'boolean' ? { wifi } : {}), ...(typeof mobileData === 'boolean' ? { mobileData } : {}) }
    sendJson(reply, 200, ports.phones.connect(imsi, change))
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

/** What the SDKs call "mobile data is off" and "no network". */
function unreached(reply: FastifyReply, kind: 'no-network' | 'no-mobile-data'): undefined {
  return kind === 'no-network'
    ? fail(reply, 409, 'NO_NETWORK', 'the phone has neither mobile data nor Wi-Fi')
    : fail(reply, 409, 'NO_MOBILE_DATA', 'the phone is on Wi-Fi alone and this app keeps no temporary token')
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
  on: AppOnPhone
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
    on: { imsi, app: `${redeemer.provider} ${appId}`, carrier: sim.carrier },
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
