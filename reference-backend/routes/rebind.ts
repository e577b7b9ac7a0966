import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Backend } from '../backend.ts'
import { objectBody, ownField, textOfShape } from '../body-reader.ts'
import { isCarrierId, parsedObject } from '../carriers/exchange.ts'
import type { RebindKind } from '../controls/reissue-told-apart.ts'
import type { RebindNotice } from '../flows/reissued.ts'
import { EVENT_ID_SHAPE, TIME_SHAPE } from '../input-shapes.ts'
import { canonicalMsisdn } from '../msisdn.ts'
import { malformed, Refusal } from '../refusal.ts'
import { withOtherMethods } from './other-methods.ts'

/** The body stays bytes until its signature has held: what is signed is what was sent, not what a parser made of it. */
export async function rebindRoutes(app: FastifyInstance, backend: Backend): Promise<void> {
  await app.register(async scope => {
    scope.removeContentTypeParser('application/json')
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    withOtherMethods(scope, () => {
      scope.post('/v1/carrier/rebind', async request => {
        const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        requireSignature(backend, request, raw)
        return { applied: await backend.flows.rebind(readNotice(raw)) }
      })
    })
  })
}

function requireSignature({ rebindSecret: secret, isAuthentic, nowMs }: Backend, request: FastifyRequest, raw: Buffer): void {
  if (secret === undefined) throw new Refusal(403, 'REBIND_DISABLED', 'Notices are not taken here.')
  const { 'x-rebind-timestamp': timestamp, 'x-rebind-signature': signature } = request.headers
  if (!isAuthentic({ secret, timestamp, signature, raw, nowMs: nowMs() })) {
    throw new Refusal(401, 'REBIND_SIGNATURE_INVALID', 'The notice is not signed by the carrier or too old.')
  }
}

const KIND_SHAPE = /^(?:reissued|sim-replaced|ported)$/

function readNotice(raw: Buffer): RebindNotice {
  const body = objectBody(parsedObject(raw.toString('utf8')))
  const msisdn = canonicalMsisdn(ownField(body, 'msisdn'))
  if (msisdn === undefined) throw malformed('BODY_MALFORMED', 'The field msisdn is not a phone number.')
  const occurredAtMs = Date.parse(textOfShape(body, 'occurredAt', TIME_SHAPE))
  if (Number.isNaN(occurredAtMs)) throw malformed('BODY_MALFORMED', 'The field occurredAt is not a time.')
  const sequence = ownField(body, 'sequence')
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence) || sequence < 0) {
    throw malformed('BODY_MALFORMED', 'The field sequence must be a whole number from 0.')
  }
  const kind = textOfShape(body, 'kind', KIND_SHAPE) as RebindKind
  const carrier = servingCarrier(body, kind)
  return { eventId: textOfShape(body, 'eventId', EVENT_ID_SHAPE), kind, msisdn, carrier, occurredAtMs, sequence }
}

/** A ported number is served by the carrier it went to, any other by the one that reports. */
function servingCarrier(body: Record<string, unknown>, kind: RebindKind): string {
  const reporting = ownField(body, 'carrier')
  const to = ownField(body, 'toCarrier')
  const serving = kind === 'ported' && to !== undefined ? to : reporting
  if (!isCarrierId(reporting) || !isCarrierId(serving))
    throw malformed('BODY_MALFORMED', 'carrier and toCarrier must name carriers.')
  return serving
}
