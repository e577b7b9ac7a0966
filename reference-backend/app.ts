import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import type { Backend } from './backend.ts'
import { Refusal } from './refusal.ts'
import { accountRoutes } from './routes/account.ts'
import { identitiesRoutes } from './routes/identities.ts'
import { identityRoutes } from './routes/identity.ts'
import { loginRoutes } from './routes/login.ts'
import { rebindRoutes } from './routes/rebind.ts'

/** Routes over a backend. No logger: at thousands of requests a second a line each would be what is measured. */
export async function buildApp(backend: Backend): Promise<FastifyInstance> {
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
    http: { headersTimeout: deadlines.headersTimeoutMs },
    // Addresses in headers are the client's own words, unless a proxy of ours wrote them.
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    frameworkErrors: (error, _request, reply: FastifyReply) => void answer(error, reply),
  })
  app.setErrorHandler((error, _request, reply) => answer(error, reply))
  app.setNotFoundHandler(() => {
    throw new Refusal(404, 'NOT_FOUND', 'There is nothing here.')
  })
  readJsonStrictly(app)
  identityRoutes(app, backend)
  loginRoutes(app, backend)
  accountRoutes(app, backend)
  identitiesRoutes(app, backend)
  await rebindRoutes(app, backend)
  return app
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
