import type { Composed } from '../notices/post.ts'

const PREFIX = 'org.camaraproject.sim-swap-subscriptions.v0'
export const SWAPPED_TYPE = `${PREFIX}.swapped`
const ENDED_TYPE = `${PREFIX}.subscription-ended`

export type TerminationReason = 'MAX_EVENTS_REACHED' | 'SUBSCRIPTION_EXPIRED' | 'ACCESS_TOKEN_EXPIRED' | 'SUBSCRIPTION_DELETED'

/** CloudEvents 1.0 as SIM Swap Subscriptions 0.3.0 profiles them. */
export interface CloudEvent {
  id: string
  source: string
  specversion: '1.0'
  type: string
  time: string
  datacontenttype: 'application/json'
  data: Readonly<Record<string, string>>
}

interface Subject {
  id: string
  basePath: string
  phoneNumber: string | undefined
}

export function swappedEvent(subscription: Subject, id: string, atMs: number): CloudEvent {
  return event(subscription, id, atMs, SWAPPED_TYPE, {})
}

export function endedEvent(subscription: Subject, id: string, atMs: number, reason: TerminationReason): CloudEvent {
  return event({ ...subscription, phoneNumber: undefined }, id, atMs, ENDED_TYPE, { terminationReason: reason })
}

function event(
  { id: subscriptionId, basePath, phoneNumber }: Subject,
  id: string,
  atMs: number,
  type: string,
  data: Readonly<Record<string, string>>,
): CloudEvent {
  return {
    id,
    source: `/camara${basePath}`,
    specversion: '1.0',
    type,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    data: { subscriptionId, ...(phoneNumber === undefined ? {} : { phoneNumber }), ...data },
  }
}

/** In structured mode, with the sink credential as bearer. CAMARA recommends signing `data` and does not demand it; it is not signed. */
export function cloudEventMessage(event: CloudEvent, accessToken: string | undefined): Composed {
  const headers = { 'content-type': 'application/cloudevents+json' }
  return {
    headers: accessToken === undefined ? headers : { ...headers, authorization: `Bearer ${accessToken}` },
    body: JSON.stringify(event),
  }
}
