import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import { preciseNowMs } from './clock.ts'
import { Counter, type CounterPorts } from './counter.ts'
import type { Call, Dialect, Operation, Reading } from './dialect.ts'
import { plainAnswer } from './faults/plain-answer.ts'
import { noteRawSockets } from './raw-sockets.ts'
import { openShortWay } from './short-way/short-way.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Epoch milliseconds with fraction at which the head of the request was read. */
    arrivedAtMs: number
  }
}

/** No request to a provider comes near this; more is refused unread. */
export const BODY_LIMIT_BYTES = 64 * 1024

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

/** How long a request may take to come in, unless told. */
const REQUEST_PATIENCE_MS = 30_000

/** One provider's public host. Every call to it is journaled; the device side is added elsewhere. */
export function providerGateway(
  dialect: Dialect,
  ports: CounterPorts,
  tls?: { key: string; cert: string },
  requestPatienceMs = REQUEST_PATIENCE_MS,
): FastifyInstance {
  // Fastify's own default waits for ever, and Node looks for the late ones only so often.
  const http = { connectionsCheckingInterval: Math.min(5000, requestPatienceMs) }
  const options = {
    bodyLimit: BODY_LIMIT_BYTES,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    requestTimeout: requestPatienceMs,
    http,
  } as const
  // An app over TLS differs in its type alone, by the server beneath; nothing here looks at that.
  const app =
    tls === undefined ? fastify(options) : (fastify({ ...options, https: { ...tls, ...http } }) as unknown as FastifyInstance)
  // Node swaps the two limits when that of the head is the longer one, and a body then has all the time of the head.
  app.server.headersTimeout = requestPatienceMs
  if (tls !== undefined) noteRawSockets(app.server)
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
  app.server.on('connection', () => ports.journal.traffic.connected(dialect.provider))
  const counter = new Counter(dialect, ports)
  const byPath = new Map(dialect.operations.map(operation => [operation.path, operation]))
  const literal = new Map([...byPath].filter(([path]) => !/[:*]/.test(path)))
  openShortWay(app.server, tls === undefined ? 'http' : 'https', {
    wallMs: ports.clock.wallMs,
    lost: () => counter.lost(),
    take: (call, arrivedAtMs, send) => {
      const operation = counter.isCalm ? literal.get(call.path) : undefined
      if (operation === undefined) return false
      counter.serveWhole(operation, call, arrivedAtMs, send)
      return true
    },
  })
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
    scheme: request.protocol,
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
  const answer = plainAnswer(404, 'Not Found')
  const reading: Reading = { token: '', appId: '', signature: 'absent', settle: () => answer, systemError: () => answer }
  return { name: `${request.method} ${path.slice(0, 100)}`, path, read: () => reading }
}
