import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'
import type { DialectId } from '../dialects/dialect.ts'
import { healthOf } from '../observe/health.ts'
import { OPEN_METRICS_TYPE, openMetrics } from '../observe/open-metrics.ts'
import { openApiDocument } from '../openapi/document.ts'
import { Refusal } from '../refusal.ts'

/** Who answers here. A harness asks before it sends anything, so that no stranger's server is loaded or attacked. */
export interface IdentityReport {
  runId: string | null
  role: 'target'
  name: string
  version: string
  /** `control=flaw`, sorted; empty when sound. */
  flaws: readonly string[]
  session: 'jwt' | 'opaque'
  dialect: DialectId
  stores: 'embedded' | 'postgres+redis'
  pid: number
}

/** Dialects in which requests and replies are not those of REST: the document would not be true of them. */
const OTHER_SPEECH: ReadonlySet<DialectId> = new Set(['status-in-body', 'cookies', 'renamed'])

/** What operators and harnesses ask: in no dialect, never slowed, never refused. */
export function houseRoutes(app: FastifyInstance, backend: Backend): void {
  app.get('/__onetap/identity', async () => backend.identity)
  app.get('/.well-known/jwks.json', async () => backend.publicKeys)
  app.get('/healthz', async (_request, reply) => {
    const health = await healthOf(backend.stores)
    return reply.code(health.status === 'ok' ? 200 : 503).send(health)
  })
  app.get('/metrics', async (_request, reply) => {
    const text = openMetrics(backend.counts, backend.stages, process.memoryUsage.rss())
    return reply.type(OPEN_METRICS_TYPE).send(text)
  })
  const document = openApiDocument()
  app.get('/openapi.json', async () => {
    if (OTHER_SPEECH.has(backend.identity.dialect)) throw new Refusal(404, 'NOT_FOUND', 'This dialect is not described.')
    return document
  })
}
