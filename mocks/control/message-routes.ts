import type { FastifyInstance } from 'fastify'
import { DELIVERY_DEFAULTS, parseManner } from '../notices/delivery-settings.ts'
import { isObject } from '../wire/string-fields.ts'
import { fieldsOf, isWholeNumber, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

/** What reached phones (texts) and what went to the target's webhooks (notices). */
export function addMessageRoutes(app: FastifyInstance, { inbox, deliveries, notices }: ControlPorts): void {
  app.post('/__onetap/sms/query', (request, reply) => {
    const query = queryOf(request.body, 'to')
    if (typeof query === 'string') return refuse(reply, 400, 'BAD_REQUEST', query, 'Fields, both optional: to, sinceSeq.')
    const { text: to, ...since } = query
    return reply.send({ messages: inbox.query({ ...since, ...(to === undefined ? {} : { to }) }) })
  })
  app.post('/__onetap/notices/query', (request, reply) => {
    const query = queryOf(request.body, 'eventId')
    if (typeof query === 'string') return refuse(reply, 400, 'BAD_REQUEST', query, 'Fields, both optional: eventId, sinceSeq.')
    const { text: eventId, ...since } = query
    const found = deliveries.query({ ...since, ...(eventId === undefined ? {} : { eventId }) })
    return reply.send({ ...found, pending: notices.pending })
  })
  app.post('/__onetap/notices/flush', (_request, reply) => {
    notices.flush()
    return reply.send({ pending: notices.pending })
  })
  app.put('/__onetap/notices/subscriptions', (request, reply) => {
    const manner = isObject(request.body) ? parseManner(request.body) : 'The body must be a JSON object'
    const hint = `Fields, all optional: ${Object.keys(DELIVERY_DEFAULTS).join(', ')}.`
    if (typeof manner === 'string') return refuse(reply, 400, 'BAD_REQUEST', `${manner}.`, hint)
    notices.subscriptionDelivery = manner
    return reply.send(manner)
  })
}

function queryOf(body: unknown, textName: string): { sinceSeq?: number; text?: string } | string {
  const fields = fieldsOf(body, [textName, 'sinceSeq'])
  if (typeof fields === 'string') return fields
  const { sinceSeq } = fields
  const text = fields[textName]
  if (text !== undefined && typeof text !== 'string') return `${textName} must be a text.`
  if (sinceSeq !== undefined && !isWholeNumber(sinceSeq, 0, Number.MAX_SAFE_INTEGER)) return 'sinceSeq must be a whole number.'
  return { ...(sinceSeq === undefined ? {} : { sinceSeq }), ...(text === undefined ? {} : { text }) }
}
