import Fastify, { type FastifyInstance, type FastifyReply, type FastifyServerOptions } from 'fastify'
import type { Backend } from './backend.ts'
import { dialects } from './dialects/index.ts'
import { Refusal } from './refusal.ts'
import { accountRoutes } from './routes/account.ts'
import { houseRoutes } from './routes/house.ts'
import { identitiesRoutes } from './routes/identities.ts'
import { loginRoutes } from './routes/login.ts'
import { withOtherMethods } from './routes/other-methods.ts'
import { rebindRoutes } from './routes/rebind.ts'
import { ipOf } from './routes/session.ts'

/**
 * Routes over a backend. No logger: at thousands of requests a second a line each would be what is measured. `own`: what the
 * caller wants otherwise, for instance a server of its own.
 */
export async function buildApp(backend: Backend, own: FastifyServerOptions = {}): Promise<FastifyInstance> {
  const answer = (error: unknown, reply: FastifyReply): FastifyReply => {
    const { status, body, retryAfterSeconds } = backend.errorBoundary(error)
    if (retryAfterSeconds !== undefined) reply.header('retry-after', retryAfterSeconds)
    return reply.code(status).send(body)
  }
  const { deadlines, trustedProxies } = backend
  const app = Fastify({
    bodyLimit: backend.bodyLimitBytes,
    forceCloseConnections: 'idle',
    requestTimeout: deadlines.requestTimeoutMs,
    keepAliveTimeout: deadlines.keepAliveTimeoutMs,
    http: { headersTimeout: deadlines.headersTimeoutMs, connectionsCheckingInterval: deadlines.checkEveryMs },
    // Addresses in headers are the client's own words, unless a proxy of ours wrote them.
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    frameworkErrors: (error, _request, reply: FastifyReply) => void answer(error, reply),
    ...own,
  })
  app.setErrorHandler((error, _request, reply) => answer(error, reply))
  app.setNotFoundHandler(() => {
    throw new Refusal(404, 'NOT_FOUND', 'There is nothing here.')
  })
  readJsonStrictly(app)
  countReplies(app, backend)
  await app.register(async scope => withOtherMethods(scope, () => houseRoutes(scope, backend)))
  await clientRoutes(app, backend)
  await rebindRoutes(app, backend)
  return app
}

/** A part of its own, for the dialect: hooks hung into it touch these routes and no others. */
async function clientRoutes(app: FastifyInstance, backend: Backend): Promise<void> {
  const { dialect, seed } = backend.speech
  await app.register(async scope => {
    dialects[dialect](scope, { seed, nowMs: backend.nowMs, sourceOf: request => ipOf(backend, request) })
    withOtherMethods(scope, () => {
      loginRoutes(scope, backend)
      accountRoutes(scope, backend)
      identitiesRoutes(scope, backend)
    })
  })
}

function countReplies(app: FastifyInstance, { counts }: Backend): void {
  app.addHook('onResponse', async (request, reply) => {
    counts.answered(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000)
  })
}

/** JSON in UTF-8 and nothing else; no body at all is no body, also under a JSON content type (a POST without fields). */
function readJsonStrictly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const charset = /;\s*charset\s*=\s*"?([^;"\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1]
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
      done(new Refusal(415, 'CONTENT_TYPE_UNSUPPORTED', 'The body must be application/json in UTF-8.'))
    } else if (body === '') done(null, undefined)
    else parse(request, body as string, done)
  })
}
