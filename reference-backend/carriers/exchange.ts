import { canonicalMsisdn } from '../msisdn.ts'

/** The three carriers, by the id used in requests and notices. */
export const CARRIER_IDS = ['china-mobile', 'china-telecom', 'china-unicom'] as const
export type CarrierId = (typeof CARRIER_IDS)[number]

/** Services that exchange tokens of all three carriers. */
export const AGGREGATOR_IDS = ['alibaba', 'chuanglan', 'jiguang', 'mobtech'] as const

/** By which way a token is exchanged: the `carrier` of a login. */
export type RouteId = CarrierId | (typeof AGGREGATOR_IDS)[number]
export const ROUTE_IDS: readonly RouteId[] = [...CARRIER_IDS, ...AGGREGATOR_IDS]

export function isCarrierId(value: unknown): value is CarrierId {
  return (CARRIER_IDS as readonly unknown[]).includes(value)
}

export function isRouteId(value: unknown): value is RouteId {
  return (ROUTE_IDS as readonly unknown[]).includes(value)
}

/** What came of handing a token to a carrier. `reason` and `code` are for logs and tests, never for the client. */
export type ExchangeAnswer =
  /** The canonical number (see msisdn.ts). */
  | { kind: 'number'; msisdn: string }
  /** The carrier says this token opens nothing: unknown, expired, used, another app's. */
  | { kind: 'refused'; code: string }
  /**
   * The carrier answers that this app may not have it. Whether our registration is wrong or the token another app's is not said, so
   * it is neither the user's fault nor an outage: one client's tokens must not open the circuit breaker for everybody.
   */
  | { kind: 'app-refused'; code: string }
  /** No answer to rely on: unreachable, late, HTTP error, system code, unreadable. */
  | { kind: 'failed'; reason: string }
  /** Not asked: too many calls are under way, the budget is spent, or the carrier is known to be down. */
  | { kind: 'shed'; retryAfterSeconds: number }

/** What the app got from the SDK. Fields a route does not know are empty. */
export interface Presented {
  token: string
  /** China Telecom's second value. */
  authCode: string
  /** MobTech: the carrier's own token and the carrier's name there (CMCC, CUCC, CTCC). */
  opToken: string
  operator: string
  /** The app in whose name the carrier is asked (controls/app-binding.ts). */
  appId: string
}

export interface CarrierClient {
  /** The app id the carrier knows this backend by, as the app sends it; undefined where the route has none. */
  readonly appId: string | undefined
  /** One call, never repeated: a token is spent by the first. Does not throw. */
  exchange(presented: Presented): Promise<ExchangeAnswer>
  close(): void
}

/** Whether a number is that of the device the token comes from. */
export type VerifyAnswer = { kind: 'verified'; match: boolean } | Exclude<ExchangeAnswer, { kind: 'number' }>

export interface NumberCheckClient {
  /** One call, never repeated. Does not throw. */
  verify(token: string, msisdn: string): Promise<VerifyAnswer>
  close(): void
}

export type Failure = Extract<ExchangeAnswer, { kind: 'failed' }>

export function failed(reason: string): Failure {
  return { kind: 'failed', reason }
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
