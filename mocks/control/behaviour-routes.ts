import type { FastifyInstance } from 'fastify'
import { parseBehaviour } from '../behaviour.ts'
import { fieldsOf, isWholeNumber, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

const LONGEST_ADVANCE_MS = 366 * 86_400_000

/** Behaviour, clock and reset. A reset forgets what happened (journal, tokens, number lives, pushed clock); behaviour stays as it was set. */
export function addBehaviourRoutes(app: FastifyInstance, ports: ControlPorts): void {
  const { behaviour, clock, lives, teller, journal, notices, deliveries, memories } = ports
  app.get('/__onetap/behaviour', () => behaviour.current)
  app.put('/__onetap/behaviour', (request, reply) => {
    const change = parseBehaviour(request.body)
    if ('problem' in change) {
      return refuse(
        reply,
        400,
        'BAD_REQUEST',
        `Behaviour: ${change.problem}.`,
        'Fields: latency, faults, singleUse, lifetimes, reuse, assumptions.',
      )
    }
    behaviour.merge(change)
    return reply.send(behaviour.current)
  })
  app.post('/__onetap/clock', (request, reply) => {
    const fields = fieldsOf(request.body, ['advanceMs'])
    const advanceMs = typeof fields === 'string' ? undefined : fields.advanceMs
    if (typeof fields === 'string' || !isWholeNumber(advanceMs, 0, LONGEST_ADVANCE_MS)) {
      const message = typeof fields === 'string' ? fields : `advanceMs must be a whole number from 0 to ${LONGEST_ADVANCE_MS}.`
      return refuse(reply, 400, 'BAD_REQUEST', message, 'Field: advanceMs. The clock goes forward only; a reset takes it back.')
    }
    clock.advance(advanceMs)
    return reply.send({ nowMs: clock.nowMs(), aheadMs: clock.aheadMs })
  })
  app.post('/__onetap/reset', (_request, reply) => {
    clock.reset()
    lives.reset()
    teller.reset()
    journal.reset()
    notices.reset()
    deliveries.reset()
    memories.reset()
    return reply.send({ reset: true })
  })
}
