import type { FastifyInstance } from 'fastify'
import { restoreSnapshot, takeSnapshot } from '../snapshot.ts'
import { fieldsOf, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

/** A snapshot of ten million spent tokens is a tenth of this. */
const BODY_LIMIT_BYTES = 32 * 1024 * 1024

export function addSnapshotRoutes(app: FastifyInstance, ports: ControlPorts): void {
  app.get('/__onetap/snapshot', () => ({ snapshot: takeSnapshot(ports) }))
  app.post('/__onetap/restore', { bodyLimit: BODY_LIMIT_BYTES }, (request, reply) => {
    const hint = 'Field: snapshot, as GET /__onetap/snapshot of mocks with the same seed gave it.'
    const fields = fieldsOf(request.body, ['snapshot'])
    if (typeof fields === 'string') return refuse(reply, 400, 'BAD_REQUEST', fields, hint)
    const { snapshot } = fields
    if (typeof snapshot !== 'string') return refuse(reply, 400, 'BAD_REQUEST', 'snapshot must be a text.', hint)
    if (!restoreSnapshot(snapshot, ports))
      return refuse(reply, 409, 'SNAPSHOT_FOREIGN', 'This is no snapshot of this seed.', hint)
    return reply.send({ restored: true })
  })
}
