import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { FaultRule } from '../src/contract/fault.ts'
import type { JournalRow } from '../src/contract/journal.ts'
import type { ProviderId } from '../src/contract/providers.ts'
import { HANDSET_TOKEN_BASE, readToken, type TokenClaims } from '../src/contract/token.ts'
import type { BehaviourState } from './behaviour.ts'
import { preciseNowMs } from './clock.ts'
import type { Answer, Call, Dialect, Operation, Reading } from './dialect.ts'
import { strike } from './faults/index.ts'
import type { Journal } from './journal.ts'
import type { Pacemaker } from './pacemaker.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Epoch milliseconds with fraction at which the head of the request was read. */
    arrivedAtMs: number
  }
}

/** No request to a provider comes near this; more is refused unread. */
export const BODY_LIMIT_BYTES = 64 * 1024

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** Draws of calls without a token of ours count from here, clear of load's and handsets' indices. */
const UNKNOWN_DRAW_BASE = 0xf000_0000

export interface GatewayPorts {
  seed: number
  behaviour: BehaviourState
  journal: Journal
  pacemaker: Pacemaker
}

/** One provider's public host. Every call to it is journaled; the device side is added elsewhere. */
export function providerGateway(dialect: Dialect, ports: GatewayPorts): FastifyInstance {
  const app = fastify({ bodyLimit: BODY_LIMIT_BYTES, exposeHeadRoutes: false, forceCloseConnections: true })
  app.removeAllContentTypeParsers()
  // Two types by name, because Fastify looks up a parser for `*` afresh on each request.
  for (const type of ['application/json', 'application/x-www-form-urlencoded', '*']) {
    app.addContentTypeParser(type, { parseAs: 'string' }, (_request, body, done) => done(null, body))
  }
  app.decorateRequest('arrivedAtMs', 0)
  app.addHook('onRequest', (request, _reply, done) => {
    request.arrivedAtMs = preciseNowMs()
    done()
  })
  const counter = new Counter(dialect, ports)
  const byPath = new Map(dialect.operations.map(operation => [operation.path, operation]))
  for (const operation of dialect.operations) {
    app.route({
      method: METHODS,
      url: operation.path,
      handler: (request, reply) => counter.serve(operation, callOf(request), request.arrivedAtMs, reply),
    })
  }
  app.setNotFoundHandler((request, reply) => counter.serve(nowhere(request), callOf(request), request.arrivedAtMs, reply))
  app.setErrorHandler((error, request, reply) => {
    // Thrown before the handler ran: by the body reader, which knows nothing of providers. Anything else is a defect of ours.
    const unreadable = bodyTrouble(error)
    if (unreadable === undefined) throw error
    const operation = byPath.get(request.routeOptions.url ?? '') ?? nowhere(request)
    counter.serve(operation, { ...callOf(request), unreadable }, request.arrivedAtMs, reply)
  })
  return app
}

function callOf(request: FastifyRequest): Call {
  const { url = '', headers } = request.raw
  const mark = url.indexOf('?')
  return {
    method: request.method,
    path: mark < 0 ? url : url.slice(0, mark),
    headers,
    contentType: (headers['content-type'] ?? '').toLowerCase(),
    body: typeof request.body === 'string' ? request.body : '',
    query: mark < 0 ? '' : url.slice(mark + 1),
  }
}

function bodyTrouble(error: unknown): Call['unreadable'] {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return 'oversized'
  return String(error.code).startsWith('FST_ERR_CTP') ? 'broken' : undefined
}

/** A path the provider does not have: 404, and a row that shows what the backend called instead. */
function nowhere(request: FastifyRequest): Operation {
  const path = request.raw.url?.split('?', 1)[0] ?? ''
  const answer: Answer = {
    httpStatus: 404,
    contentType: 'text/html',
    body: '<html><body><h1>404 Not Found</h1></body></html>',
    resultCode: '',
    redeemed: false,
    billed: false,
  }
  const reading: Reading = { token: '', appId: '', signature: 'absent', settle: () => answer, systemError: () => answer }
  return { name: `${request.method} ${path.slice(0, 100)}`, path, read: () => reading }
}

/** Takes calls one by one: reads, lets faults strike, settles, waits for the intended moment, answers, books. */
class Counter {
  readonly #provider: ProviderId
  readonly #ports: GatewayPorts
  #unknownDraws = 0

  constructor(dialect: Dialect, ports: GatewayPorts) {
    this.#provider = dialect.provider
    this.#ports = ports
  }

  /**
   * The books are settled on arrival and the answer waits ready, so work done here hides inside the intended delay, and of
   * two calls with one token the first to arrive wins, whatever their delays.
   */
  serve(operation: Operation, call: Call, arrivedAtMs: number, reply: FastifyReply): void {
    const { behaviour, journal, pacemaker, seed } = this.#ports
    journal.arrived()
    const reading = operation.read(call)
    const claims = reading.token === '' ? undefined : readToken(seed, this.#provider, reading.token)
    const drawIndex = claims?.tokenIndex ?? (UNKNOWN_DRAW_BASE + (this.#unknownDraws++ & 0xfff_ffff)) >>> 0
    const intendedUs = behaviour.delayUs(drawIndex)
    const rule = behaviour.fault(drawIndex)
    const struck = rule === undefined ? undefined : strike(rule, reading)
    const row = this.#row(operation, reading, claims, arrivedAtMs, intendedUs, rule)
    if (struck?.kind === 'silence') {
      keepSilent(reply, struck.holdMs, () => {
        row.actualUs = elapsedUs(arrivedAtMs)
        journal.record(row, false)
      })
      return
    }
    const answer = struck?.answer ?? reading.settle(claims)
    row.httpStatus = answer.httpStatus
    row.resultCode = answer.resultCode
    row.redeemed = answer.redeemed
    row.billed = answer.billed
    pacemaker.at(arrivedAtMs + intendedUs / 1000, () => {
      row.actualUs = elapsedUs(arrivedAtMs)
      journal.record(row, true) // before the reply leaves, so whoever has the reply finds the row
      send(reply, answer)
    })
  }

  #row(
    operation: Operation,
    reading: Reading,
    claims: TokenClaims | undefined,
    arrivedAtMs: number,
    intendedUs: number,
    rule: FaultRule | undefined,
  ): JournalRow {
    const tokenKind = claims === undefined ? 'unknown' : claims.tokenIndex >= HANDSET_TOKEN_BASE ? 'handset' : 'load'
    return {
      seq: 0,
      arrivedAtMs,
      provider: this.#provider,
      ...(claims === undefined ? {} : { carrier: claims.carrier }),
      operation: reading.operation ?? operation.name,
      token: reading.token,
      tokenKind,
      appId: reading.appId,
      signature: reading.signature,
      httpStatus: 0,
      resultCode: '',
      redeemed: false,
      billed: false,
      ...(rule === undefined ? {} : { fault: rule.id }),
      intendedUs,
      actualUs: 0,
    }
  }
}

function elapsedUs(sinceMs: number): number {
  return Math.round((preciseNowMs() - sinceMs) * 1000)
}

/** Past Fastify's reply pipeline, which has nothing to add to a finished text. */
function send(reply: FastifyReply, { httpStatus, contentType, headers, body }: Answer): void {
  const head = ['content-type', contentType, 'content-length', String(Buffer.byteLength(body))]
  if (headers !== undefined) head.push(...Object.entries(headers).flat())
  reply.hijack()
  reply.raw.writeHead(httpStatus, head)
  reply.raw.end(body)
}

/** Sends nothing and cuts the connection after `holdMs`, or lets go when the caller hangs up first. */
function keepSilent(reply: FastifyReply, holdMs: number, ended: () => void): void {
  reply.hijack()
  const timer = setTimeout(() => reply.raw.destroy(), holdMs)
  reply.raw.once('close', () => {
    clearTimeout(timer)
    ended()
  })
}
