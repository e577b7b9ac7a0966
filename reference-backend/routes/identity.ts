import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'

/** Who answers here. A harness asks before it sends anything, so that no stranger's server is loaded or attacked. */
export interface IdentityReport {
  runId: string | null
  role: 'target'
  name: string
  version: string
  /** `control=flaw`, sorted; empty when sound. */
  flaws: readonly string[]
  session: 'jwt' | 'opaque'
  stores: 'embedded' | 'postgres+redis'
  pid: number
}

export function identityRoutes(app: FastifyInstance, backend: Backend): void {
  app.get('/__onetap/identity', async () => backend.identity)
  app.get('/healthz', async () => ({ status: 'ok' }))
}
