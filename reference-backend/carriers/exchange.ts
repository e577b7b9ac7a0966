import { canonicalMsisdn } from '../msisdn.ts'
import type { TransportReply } from './transport.ts'

/** The three carriers, by the id used in requests and notices. */
export const CARRIER_IDS = ['china-mobile', 'china-telecom', 'china-unicom'] as const
export type CarrierId = (typeof CARRIER_IDS)[number]

export function isCarrierId(value: unknown): value is CarrierId {
  return (CARRIER_IDS as readonly unknown[]).includes(value)
}

/** What came of handing a token to a carrier. `reason` and `code` are for logs and tests, never for the client. */
export type ExchangeAnswer =
  /** The canonical number (see msisdn.ts). */
  | { kind: 'number'; msisdn: string }
  /** The carrier says this token opens nothing: unknown, expired, used, another app's. */
  | { kind: 'refused'; code: string }
  /** No answer to rely on: unreachable, late, HTTP error, system code, unreadable. */
  | { kind: 'failed'; reason: string }

export interface CarrierClient {
  /** The app id the carrier knows this backend by; tokens of another app are not ours to exchange. */
  readonly appId: string
  /** One call, never repeated: a token is spent by the first. `authCode` is China Telecom's second value, empty elsewhere. */
  exchange(token: string, authCode: string): Promise<ExchangeAnswer>
  close(): void
}

export type Failure = Extract<ExchangeAnswer, { kind: 'failed' }>

export function failed(reason: string): Failure {
  return { kind: 'failed', reason }
}

/** What a carrier answered, read as a JSON object. Carriers answer business errors with 200, so any other status is a fault. */
export function readCarrierReply(reply: TransportReply): { kind: 'fields'; fields: Record<string, unknown> } | Failure {
  if (reply.kind === 'failed') return reply
  if (reply.status !== 200) return failed(`HTTP ${reply.status}`)
  const fields = parsedObject(reply.text)
  return fields === undefined ? failed('not a JSON object') : { kind: 'fields', fields }
}

/** The number if it is one, else a fault: an account must never be keyed by whatever a broken carrier sent. */
export function numberAnswer(value: unknown): ExchangeAnswer {
  const msisdn = canonicalMsisdn(value)
  return msisdn === undefined ? failed('no phone number in the answer') : { kind: 'number', msisdn }
}

/** A JSON object, or undefined for anything else. */
export function parsedObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
