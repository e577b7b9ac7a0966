import type { FastifyInstance, FastifyReply } from 'fastify'
import type { RebindNotice } from '../../src/contract/journal.ts'
import { exhaustive } from '../../src/contract/json.ts'
import { isNumberEventKind, NUMBER_EVENT_KINDS } from '../../src/contract/number-life.ts'
import { indexOfNumber } from '../../src/contract/people.ts'
import type { LifeRequest, LifeResult } from '../life.ts'
import { type Delivery, parseDelivery } from '../notices/delivery-settings.ts'
import { rebindMessage } from '../notices/rebind-message.ts'
import { fieldsOf, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'
import { isServed } from './people-routes.ts'

const HINT = `Fields: msisdn, kind (${NUMBER_EVENT_KINDS.join(', ')}); toCarrier with ported only; optional: occurredAt (ISO time), deliver {url, secret, …}.`

/** What happens to numbers, and what the operators' books say about one. */
export function addLifeRoutes(app: FastifyInstance, ports: ControlPorts): void {
  app.post('/__onetap/life', (request, reply) => {
    const fields = fieldsOf(request.body, ['msisdn', 'kind', 'toCarrier', 'occurredAt', 'deliver'])
    if (typeof fields === 'string') return refuse(reply, 400, 'BAD_REQUEST', fields, HINT)
    const delivery = fields.deliver === undefined ? undefined : parseDelivery(fields.deliver)
    if (typeof delivery === 'string') return refuse(reply, 400, 'BAD_REQUEST', `${delivery}.`, HINT)
    const event = lifeRequest(fields, ports)
    if ('refused' in event) return refuse(reply, ...event.refused)
    const result = ports.lives.happen(event)
    if (result.kind === 'happened' && delivery !== undefined) deliver(ports, result.notice, delivery)
    return answer(reply, result)
  })
  app.get<{ Params: { msisdn: string } }>('/__onetap/numbers/:msisdn', (request, reply) => {
    const index = indexOfNumber(ports.seed, request.params.msisdn)
    if (index === undefined) return refuse(reply, ...NO_SUBSCRIBER)
    return reply.send({ ...ports.lives.sim(index), held: ports.lives.isHeld(index), history: ports.lives.history(index) })
  })
}

/** Puts a notice on its way; the reply to the caller does not wait for it. */
function deliver(ports: ControlPorts, notice: RebindNotice, { settings, secret }: Delivery): void {
  const { eventId } = notice
  ports.notices.send({ eventId, format: 'rebind', settings, compose: wallMs => rebindMessage(notice, secret, wallMs) })
}

type Refusal = [status: number, code: string, message: string, hint: string]

const NO_SUBSCRIBER: Refusal = [
  404,
  'SUBSCRIBER_UNKNOWN',
  'No subscriber has this number.',
  'POST /__onetap/subscribers gives one.',
]

function lifeRequest(fields: Readonly<Record<string, unknown>>, ports: ControlPorts): LifeRequest | { refused: Refusal } {
  const { msisdn, kind, toCarrier, occurredAt } = fields
  if (!isNumberEventKind(kind)) return { refused: [400, 'BAD_REQUEST', 'Unknown kind.', HINT] }
  if ((toCarrier !== undefined) !== (kind === 'ported')) {
    return { refused: [400, 'BAD_REQUEST', 'toCarrier goes with ported.', HINT] }
  }
  const request: LifeRequest = { index: 0, kind, nowMs: ports.clock.nowMs() }
  if (toCarrier !== undefined) {
    if (!isServed(toCarrier, ports)) {
      return { refused: [400, 'CARRIER_UNKNOWN', 'No mock serves toCarrier.', 'See providers of the ready line.'] }
    }
    request.toCarrier = toCarrier
  }
  if (occurredAt !== undefined) {
    const atMs = typeof occurredAt === 'string' ? Date.parse(occurredAt) : Number.NaN
    if (Number.isNaN(atMs)) return { refused: [400, 'BAD_REQUEST', 'occurredAt is no ISO time.', HINT] }
    request.atMs = atMs
  }
  const index = typeof msisdn === 'string' ? indexOfNumber(ports.seed, msisdn) : undefined
  return index === undefined ? { refused: NO_SUBSCRIBER } : { ...request, index }
}

function answer(reply: FastifyReply, result: LifeResult): FastifyReply {
  switch (result.kind) {
    case 'happened':
      return reply.send({ notice: result.notice, sim: result.sim })
    case 'happened-untold':
      return reply.send({ notice: null, sim: result.sim })
    case 'worn-out':
      return refuse(reply, 409, 'NUMBER_WORN_OUT', 'A number lives through 15 new SIM cards and 64 events.', 'Take another.')
    case 'no-new-carrier':
      return refuse(reply, 409, 'NOT_PORTED', 'That carrier serves the number already.', HINT)
    case 'wrong-state':
      return refuse(reply, 409, 'WRONG_STATE', `This cannot happen to a number that is ${result.state}.`, HINT)
    case 'wrong-time':
      return refuse(reply, 409, 'WRONG_TIME', 'occurredAt lies in the future or before the number’s last event.', HINT)
    default:
      return exhaustive(result)
  }
}
