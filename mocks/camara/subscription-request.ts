import { isLoopbackUrl } from '../notices/delivery-settings.ts'
import { isObject } from '../wire/string-fields.ts'
import type { ErrorCode } from './api-answers.ts'
import { SWAPPED_TYPE } from './cloud-events.ts'
import type { SinkCredential } from './subscription-book.ts'

export interface SubscriptionRequest {
  sink: string
  credential: SinkCredential | undefined
  phoneNumber: unknown
  expiresAtMs: number | undefined
  maxEvents: number | undefined
}

export const PROTOCOLS: readonly unknown[] = ['HTTP', 'MQTT3', 'MQTT5', 'AMQP', 'NATS', 'KAFKA']

/**
 * Reads the body of `POST /subscriptions`; a code says what is wrong. `allowHttp`: plain HTTP to this machine beside the https
 * the specification demands. Sinks elsewhere are refused: notices stay on this machine.
 */
export function readSubscription(
  fields: Readonly<Record<string, unknown>>,
  nowMs: number,
  allowHttp: boolean,
): SubscriptionRequest | ErrorCode {
  const { protocol, sink, types, config, sinkCredential } = fields
  if (!PROTOCOLS.includes(protocol) || typeof sink !== 'string' || !isObject(config)) return 'INVALID_ARGUMENT'
  if (!Array.isArray(types) || types.length !== 1 || types[0] !== SWAPPED_TYPE) return 'INVALID_ARGUMENT'
  if (protocol !== 'HTTP') return 'INVALID_PROTOCOL'
  if (!isLoopbackUrl(sink) || (sink.startsWith('http:') && !allowHttp)) return 'INVALID_SINK'
  const credential = readCredential(sinkCredential)
  if (typeof credential === 'string') return credential
  const limits = readLimits(config, nowMs)
  return typeof limits === 'string' ? limits : { sink, credential, ...limits }
}

function readCredential(value: unknown): SinkCredential | undefined | ErrorCode {
  if (value === undefined) return undefined
  if (!isObject(value)) return 'INVALID_ARGUMENT'
  const { credentialType, accessToken, accessTokenExpiresUtc, accessTokenType } = value
  if (credentialType !== 'ACCESSTOKEN') return 'INVALID_CREDENTIAL'
  if (accessTokenType !== 'bearer') return 'INVALID_TOKEN'
  const expiresAtMs = timeOf(accessTokenExpiresUtc)
  if (typeof accessToken !== 'string' || !/^[\x21-\x7e]{1,4096}$/.test(accessToken)) return 'INVALID_ARGUMENT'
  return expiresAtMs === undefined ? 'INVALID_ARGUMENT' : { accessToken, expiresAtMs }
}

function readLimits(
  config: Readonly<Record<string, unknown>>,
  nowMs: number,
): Pick<SubscriptionRequest, 'phoneNumber' | 'expiresAtMs' | 'maxEvents'> | ErrorCode {
  const { subscriptionDetail, subscriptionExpireTime, subscriptionMaxEvents } = config
  if (!isObject(subscriptionDetail)) return 'INVALID_ARGUMENT'
  const limits = {
    phoneNumber: subscriptionDetail.phoneNumber,
    expiresAtMs: timeOf(subscriptionExpireTime),
    maxEvents: undefined,
  }
  if (subscriptionExpireTime !== undefined) {
    if (limits.expiresAtMs === undefined) return 'INVALID_ARGUMENT'
    if (limits.expiresAtMs <= nowMs) return 'OUT_OF_RANGE'
  }
  if (subscriptionMaxEvents === undefined) return limits
  if (typeof subscriptionMaxEvents !== 'number' || !Number.isInteger(subscriptionMaxEvents)) return 'INVALID_ARGUMENT'
  return subscriptionMaxEvents < 1 ? 'OUT_OF_RANGE' : { ...limits, maxEvents: subscriptionMaxEvents }
}

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/

/** Epoch milliseconds of an RFC 3339 time with zone. */
function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !RFC3339.test(value)) return undefined
  const atMs = Date.parse(value)
  return Number.isNaN(atMs) ? undefined : atMs
}
