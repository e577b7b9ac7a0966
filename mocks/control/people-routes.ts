import type { FastifyInstance, FastifyReply } from 'fastify'
import { type CarrierId, isCarrierId } from '../../src/contract/carriers.ts'
import { indexOfNumber, SUBSCRIBER_LIMIT } from '../../src/contract/people.ts'
import { issueToken, redeemsTokensOf } from '../handset.ts'
import { profileOf } from '../profile.ts'
import { fieldsOf, isWholeNumber, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

/** Subscribers, and tokens on their behalf. */
export function addPeopleRoutes(app: FastifyInstance, ports: ControlPorts): void {
  const { lives } = ports
  app.post('/__onetap/subscribers', (request, reply) => freshSubscriber(request.body, reply, ports))
  app.get<{ Params: { index: string } }>('/__onetap/subscribers/:index', async (request, reply) => {
    const index = /^\d{1,8}$/.test(request.params.index) ? Number(request.params.index) : Number.NaN
    if (!isWholeNumber(index, 0, SUBSCRIBER_LIMIT - 1)) return unknownSubscriber(reply)
    return reply.send({ ...lives.sim(index), ...(await profileOf(index)) })
  })
  app.post('/__onetap/tokens', (request, reply) => giveToken(request.body, reply, ports))
}

function freshSubscriber(body: unknown, reply: FastifyReply, ports: ControlPorts): FastifyReply {
  const fields = fieldsOf(body, ['carrier'])
  if (typeof fields === 'string') return refuse(reply, 400, 'BAD_REQUEST', fields, 'Field, optional: carrier.')
  const { carrier } = fields
  if (carrier !== undefined && !isServed(carrier, ports)) return unknownCarrier(reply, 'carrier', ports)
  const index = ports.subscribers.fresh(carrier)
  if (index === undefined)
    return refuse(reply, 409, 'SUBSCRIBERS_EXHAUSTED', 'Every subscriber was handed out.', 'Start new mocks.')
  return reply.send(ports.lives.sim(index))
}

function giveToken(body: unknown, reply: FastifyReply, ports: ControlPorts): FastifyReply {
  const fields = fieldsOf(body, ['index', 'msisdn', 'fresh', 'carrier', 'provider', 'appId', 'purpose'])
  const hint = `Fields: index, msisdn or fresh: true (perhaps with carrier); provider, appId and purpose ("login" or "verify") are optional.`
  if (typeof fields === 'string') return refuse(reply, 400, 'BAD_REQUEST', fields, hint)
  const { appId, purpose = 'login' } = fields
  if (purpose !== 'login' && purpose !== 'verify') return refuse(reply, 400, 'BAD_REQUEST', 'Unknown purpose.', hint)
  const index = subscriberOf(fields, ports)
  if (typeof index === 'string') return refuse(reply, 400, 'BAD_REQUEST', index, hint)
  if (!isWholeNumber(index, 0, SUBSCRIBER_LIMIT - 1)) return unknownSubscriber(reply)
  if (!ports.lives.isHeld(index))
    return refuse(reply, 409, 'NUMBER_NOT_HELD', 'Nobody holds this number now.', 'Reissue it first.')
  const { carrier } = ports.lives.tenure(index)
  const { provider = carrier } = fields
  const dialect = ports.dialects.find(one => one.provider === provider)
  if (dialect === undefined || !redeemsTokensOf(dialect, carrier)) return unknownCarrier(reply, 'tokens of this number', ports)
  const app = appId === undefined ? dialect.apps[0] : dialect.apps.find(one => one.appId === appId)
  if (app === undefined) return refuse(reply, 404, 'APP_UNKNOWN', 'This provider has no app with this id.', hint)
  const source = { teller: ports.teller, nowMs: ports.clock.nowMs }
  const issued = issueToken(source, dialect, index, app.appIndex, purpose)
  if (issued !== undefined) return reply.send(fields.fresh === true ? { ...issued, subscriber: ports.lives.sim(index) } : issued)
  return refuse(
    reply,
    429,
    'TOO_MANY_TOKENS',
    '30 unused tokens of this number within 10 minutes.',
    'Redeem some or take another number.',
  )
}

/** The subscriber a request means: undefined when there is none; a text says what is wrong. */
function subscriberOf(fields: Readonly<Record<string, unknown>>, ports: ControlPorts): unknown {
  const { index, msisdn, fresh, carrier } = fields
  if ([index, msisdn, fresh].filter(given => given !== undefined).length !== 1) return 'Give index, msisdn or fresh.'
  if (carrier !== undefined && fresh === undefined) return 'carrier goes with fresh.'
  if (fresh === undefined) return typeof msisdn === 'string' ? indexOfNumber(ports.seed, msisdn) : index
  if (fresh !== true) return 'fresh must be true.'
  if (carrier !== undefined && !isServed(carrier, ports)) return 'No mock serves carrier.'
  return ports.subscribers.fresh(carrier)
}

/** Whether a mock of this carrier runs. */
export function isServed(carrier: unknown, ports: ControlPorts): carrier is CarrierId {
  return isCarrierId(carrier) && ports.dialects.some(dialect => dialect.provider === carrier)
}

function unknownCarrier(reply: FastifyReply, field: string, ports: ControlPorts): FastifyReply {
  const served = ports.dialects.map(dialect => dialect.provider).join(', ')
  return refuse(reply, 400, 'CARRIER_UNKNOWN', `No mock serves ${field}.`, `Running: ${served}.`)
}

function unknownSubscriber(reply: FastifyReply): FastifyReply {
  return refuse(reply, 404, 'SUBSCRIBER_UNKNOWN', 'No subscriber has this number or index.', 'Indices run from 0 to 9999999.')
}
