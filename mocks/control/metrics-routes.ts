import type { FastifyInstance } from 'fastify'
import { OPEN_METRICS_TYPE, openMetrics } from '../open-metrics.ts'
import { MOCKS_VERSION } from '../version.ts'
import type { ControlPorts } from './control-plane.ts'

export function addMetricsRoutes(app: FastifyInstance, { journal, teller, behaviour, clock }: ControlPorts): void {
  app.get('/__onetap/metrics', (_request, reply) => {
    const text = openMetrics({
      totals: journal.totals(),
      pending: journal.pending,
      handset: teller.handsetBooks(clock.nowMs()),
      faultsInForce: behaviour.current.faults.length,
      version: MOCKS_VERSION,
      residentBytes: process.memoryUsage.rss(),
      heapUsedBytes: process.memoryUsage().heapUsed,
    })
    return reply.type(OPEN_METRICS_TYPE).send(text)
  })
}
