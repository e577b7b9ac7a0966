import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { IssuedToken } from '../src/contract/journal.ts'
import { maskNumber } from '../src/contract/people.ts'
import type { TokenPurpose } from '../src/contract/token.ts'
import type { Dialect } from './dialect.ts'
import type { NumberLives } from './life.ts'
import type { Teller } from './teller.ts'
import { jsonObject } from './wire/string-fields.ts'

/**
 * The device side of a carrier: what its SDK asks over the mobile network. The real protocols are the carriers' secret; these
 * two routes are ours and only stand in for "a phone with this SIM card". They are not journaled: no backend calls them.
 */
export interface HandsetPorts {
  lives: NumberLives
  teller: Teller
  nowMs(): number
}

export function addHandsetRoutes(app: FastifyInstance, dialect: Dialect, ports: HandsetPorts): void {
  app.post('/handset/v1/prefetch', (request, reply) => {
    const asked = ask(request, reply, dialect, ports)
    if (asked !== undefined) sendJson(reply, 200, { maskedNumber: maskNumber(asked.msisdn), carrier: dialect.carrier })
  })
  app.post('/handset/v1/authorize', (request, reply) => {
    const asked = ask(request, reply, dialect, ports)
    if (asked === undefined) return
    const issued = issueToken(ports, dialect, asked.subscriberIndex, asked.appIndex, asked.purpose)
    if (issued !== undefined) sendJson(reply, 200, issued)
    else fail(reply, 429, 'TOO_MANY_TOKENS', '30 unused tokens of this number within 10 minutes (China Mobile: 103911)')
  })
}

/** Takes a token for a number; undefined when too many of its tokens are unused. */
export function issueToken(
  ports: HandsetPorts,
  dialect: Dialect,
  subscriberIndex: number,
  appIndex: number,
  purpose: TokenPurpose,
): IssuedToken | undefined {
  const issue = ports.teller.issue({ subscriberIndex, appIndex, purpose, nowMs: ports.nowMs() })
  if (issue.kind === 'too-many-unused') return undefined
  return {
    carrier: issue.carrier,
    appId: dialect.apps[appIndex]?.appId ?? '',
    token: issue.token,
    ...(issue.authCode === undefined ? {} : { authCode: issue.authCode }),
    expiresInMs: issue.expiresInMs,
  }
}

interface Asked {
  subscriberIndex: number
  msisdn: string
  appIndex: number
  purpose: TokenPurpose
}

function ask(request: FastifyRequest, reply: FastifyReply, dialect: Dialect, ports: HandsetPorts): Asked | undefined {
  const fields = typeof request.body === 'string' ? jsonObject(request.body) : undefined
  const { imsi, appId, purpose = 'login' } = fields ?? {}
  if (typeof imsi !== 'string' || typeof appId !== 'string' || (purpose !== 'login' && purpose !== 'verify')) {
    return fail(reply, 400, 'BAD_REQUEST', 'needs JSON with imsi, appId and perhaps purpose ("login" or "verify")')
  }
  const sim = ports.lives.simByImsi(imsi)
  if (sim === undefined || sim.carrier !== dialect.carrier) {
    return fail(reply, 403, 'SIM_UNKNOWN', 'no living SIM card of this carrier has this IMSI')
  }
  const app = dialect.apps.find(one => one.appId === appId)
  if (app === undefined) return fail(reply, 403, 'APP_UNKNOWN', 'this carrier has no app with this id')
  return { subscriberIndex: sim.index, msisdn: sim.msisdn, appIndex: app.appIndex, purpose }
}

function fail(reply: FastifyReply, httpStatus: number, code: string, message: string): undefined {
  sendJson(reply, httpStatus, { error: { code, message } })
  return undefined
}

function sendJson(reply: FastifyReply, httpStatus: number, value: unknown): void {
  reply.code(httpStatus).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(value))
}
