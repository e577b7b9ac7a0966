import type { Answer, Operation } from '../dialect.ts'
import { apiError, apiResult, noContent } from './api-answers.ts'
import { type ApiCall, apiOperation, subjectOf } from './api-operation.ts'
import { SWAPPED_TYPE } from './cloud-events.ts'
import { e164, type OperatorContext } from './operator-context.ts'
import type { Subscription } from './subscription-book.ts'
import { readSubscription } from './subscription-request.ts'

const PATH = '/sim-swap-subscriptions/v0.3/subscriptions'

/** SIM Swap Subscriptions 0.3.0: events to a sink whenever a number has a new SIM card, for whatever reason. */
export function simSwapSubscriptions(context: OperatorContext): Operation[] {
  const find = ({ grant, resourceId }: ApiCall): Subscription | undefined =>
    context.subscriptions.of(grant.clientIndex, context.basePath).find(one => one.id === resourceId)
  return [
    apiOperation(context, PATH, {
      POST: {
        name: 'createSimSwapSubscription',
        scopes: ['sim-swap-subscriptions:org.camaraproject.sim-swap-subscriptions.v0.swapped:create'],
        body: ['protocol', 'sink', 'sinkCredential', 'types', 'config', 'protocolSettings'],
        serve: call => create(context, call),
      },
      GET: {
        name: 'retrieveSubscriptionList',
        scopes: ['sim-swap-subscriptions:read'],
        serve: ({ grant }) => apiResult(context.subscriptions.of(grant.clientIndex, context.basePath).map(shown)),
      },
    }),
    apiOperation(context, `${PATH}/:subscriptionId`, {
      GET: {
        name: 'retrieveSubscription',
        scopes: ['sim-swap-subscriptions:read'],
        serve: call => {
          const found = find(call)
          return found === undefined ? apiError('NOT_FOUND') : apiResult(shown(found))
        },
      },
      DELETE: {
        name: 'deleteSubscription',
        scopes: ['sim-swap-subscriptions:delete'],
        serve: call => {
          const found = find(call)
          if (found === undefined) return apiError('NOT_FOUND')
          context.subscriptions.remove(found)
          return noContent()
        },
      },
    }),
  ]
}

function create(context: OperatorContext, { grant, fields }: ApiCall): Answer {
  const { nowMs, assume } = context.ports
  const request = readSubscription(fields, nowMs(), assume('sink') === 'https-or-local-http')
  if (typeof request === 'string') return apiError(request)
  const subject = subjectOf(context, grant, request.phoneNumber)
  if ('error' in subject) return apiError(subject.error)
  const added = context.subscriptions.add({
    clientIndex: grant.clientIndex,
    basePath: context.basePath,
    index: subject.index,
    phoneNumber: grant.subject === undefined ? e164(context, subject.index) : undefined,
    sink: request.sink,
    credential: request.credential,
    expiresAtMs: request.expiresAtMs,
    maxEvents: request.maxEvents,
  })
  if (added === 'exists') return apiError('ALREADY_EXISTS')
  if (added === 'full') return apiError('QUOTA_EXCEEDED')
  return apiResult(shown(added), { httpStatus: 201 })
}

/** A subscription as answered: never its credential. */
function shown(one: Subscription): unknown {
  const { phoneNumber, expiresAtMs, maxEvents } = one
  return {
    id: one.id,
    protocol: 'HTTP',
    sink: one.sink,
    types: [SWAPPED_TYPE],
    config: {
      subscriptionDetail: phoneNumber === undefined ? {} : { phoneNumber },
      ...(expiresAtMs === undefined ? {} : { subscriptionExpireTime: new Date(expiresAtMs).toISOString() }),
      ...(maxEvents === undefined ? {} : { subscriptionMaxEvents: maxEvents }),
    },
    startsAt: new Date(one.startsAtMs).toISOString(),
    ...(expiresAtMs === undefined ? {} : { expiresAt: new Date(expiresAtMs).toISOString() }),
    status: one.status,
  }
}
