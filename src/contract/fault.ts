import type { ProviderId } from './providers.ts'
import { mixPair, saltOf } from './rng.ts'

/** What goes wrong with a call. Times in milliseconds. Of one kind of thing only one can go wrong with a call: see mocks/faults. */
export type FaultAct =
  /**
   * The provider answers with an error: `http` = a status (503 unless told) and a body no dialect knows; `business` = HTTP 200 with
   * the provider's system-error code, or with `code`.
   */
  | { id: 'error-rate'; answer: 'http' | 'business'; status?: number; code?: string }
  /** Calls beyond `ratePerSecond` (per provider) get the vendor's own throttling answer. 0: every call the share draws. */
  | { id: 'throttle'; ratePerSecond: number }
  /** The caller's address is not on the vendor's allow-list. */
  | { id: 'ip-refused' }
  /** Sends the caller to another path of the same host, or `to` a listener on loopback. */
  | { id: 'redirect'; status: 301 | 302 | 303 | 307 | 308; to?: string }
  /** The token is redeemed, but the answer is another subscriber's of the same carrier. */
  | { id: 'other-subscriber' }
  /** The provider's clock is off by so much: for its time checks, the times it writes and its Date header. */
  | { id: 'clock-skew'; skewMs: number }
  /** What the answer repeats of the request (message number, state) is another's. */
  | { id: 'wrong-echo' }
  /** The answer is whole, but its HTTP status or result code says otherwise. At least one of the two. */
  | { id: 'mislabelled'; status?: number; code?: string }
  /** The body is no answer of the dialect: broken off in its middle unless `form` says otherwise. */
  | { id: 'malformed'; form?: MalformedForm }
  | { id: 'wrong-content-type'; contentType: string }
  /** No answer; the connection is cut after `holdMs`. */
  | { id: 'hang'; holdMs: number }
  /** TCP reset in place of an answer. */
  | { id: 'reset' }
  /** The provider ends its side of the connection in place of an answer and waits for the caller to do the same. */
  | { id: 'half-close' }
  /** The body drips over `overMs`, in `chunks` pieces. */
  | { id: 'slow-body'; overMs: number; chunks: number }
  /** The connection ends after this share of the body, less than its length promised. */
  | { id: 'truncated'; keepShare: number }
  /** The whole answer is sent twice on the connection. */
  | { id: 'duplicate-answer' }
  /** The answer comes so much later than the latency profile has it. */
  | { id: 'late-answer'; lateMs: number }

/** How an answer is no answer: cut in half, nothing, within a page, a list or a text, without its last character, or far too long. */
export const MALFORMED_FORMS = ['cut', 'empty', 'page', 'list', 'text', 'unclosed', 'long'] as const
export type MalformedForm = (typeof MALFORMED_FORMS)[number]

export type FaultId = FaultAct['id']

export const FAULT_IDS = [
  'error-rate',
  'throttle',
  'ip-refused',
  'redirect',
  'other-subscriber',
  'clock-skew',
  'wrong-echo',
  'mislabelled',
  'malformed',
  'wrong-content-type',
  'hang',
  'reset',
  'half-close',
  'slow-body',
  'truncated',
  'duplicate-answer',
  'late-answer',
] as const satisfies readonly FaultId[]

/** Which calls a rule is about. */
export interface FaultScope {
  /** Share of the tokens in question, 0 to 1. */
  share: number
  /** Tells rules of one id apart where they are changed one by one; the id where absent. The draw follows from it. */
  name?: string
  /** All unless told. */
  providers?: readonly ProviderId[]
  /** Operations by the providers' own names, for instance `loginTokenValidate`; all unless told. */
  operations?: readonly string[]
  /** In force from here to there, counted from `originMs`; from the first and to the last call where absent. */
  fromMs?: number
  toMs?: number
  /** Over by itself so long after it was put in force. */
  ttlMs?: number
  /** When the rule was put in force, epoch milliseconds: stamped by the load step or the control plane (schedule.ts). */
  originMs?: number
}

/**
 * What goes wrong at a provider, by share of tokens. Whether a token is hit is a pure function of (seed, rule, token index, time of
 * issue): the same whatever the concurrency, and known to the generator, which can then tell a failure it caused from the backend's own.
 */
export type FaultRule = FaultScope & FaultAct

/** A rule made ready for one provider and operation. Times are epoch milliseconds. */
export interface ArmedFault {
  readonly rule: FaultRule
  readonly salt: number
  readonly below: number
  readonly fromEpochMs: number
  readonly untilEpochMs: number
}

/** The rules that concern an operation of a provider, in their order. Each draws for itself. Made once, outside the hot path. */
export function armFaults(
  rules: readonly FaultRule[],
  seed: number,
  provider: ProviderId,
  operation: string,
): readonly ArmedFault[] {
  const seen = new Map<string, number>()
  return rules.flatMap(rule => {
    const key = faultName(rule)
    const nth = seen.get(key) ?? 0
    seen.set(key, nth + 1)
    if (rule.providers?.includes(provider) === false || rule.operations?.includes(operation) === false) return []
    const { originMs = 0, fromMs, toMs = Number.POSITIVE_INFINITY, ttlMs = Number.POSITIVE_INFINITY } = rule
    return [
      {
        rule,
        salt: mixPair(seed, saltOf(`fault ${key}`) + nth),
        below: rule.share * 0x1_0000_0000,
        fromEpochMs: fromMs === undefined ? Number.NEGATIVE_INFINITY : originMs + fromMs,
        untilEpochMs: originMs + Math.min(toMs, ttlMs),
      },
    ]
  })
}

/** Whether a rule draws this token. `atMs`: time of issue of a load token, of arrival for everything else; epoch milliseconds. */
export function draws(armed: ArmedFault, tokenIndex: number, atMs: number): boolean {
  return mixPair(armed.salt, tokenIndex) < armed.below && atMs >= armed.fromEpochMs && atMs < armed.untilEpochMs
}

/**
 * True when a rule surely strikes the token. A throttle that lets a rate through is left out: whom it refuses depends on who else
 * calls, so what it refuses counts as the backend's failure, and the journal's totals say how many there were.
 */
export function isDoomed(armed: readonly ArmedFault[], tokenIndex: number, atMs: number): boolean {
  for (const fault of armed) {
    if (draws(fault, tokenIndex, atMs) && !(fault.rule.id === 'throttle' && fault.rule.ratePerSecond > 0)) return true
  }
  return false
}

export function faultName(rule: FaultRule): string {
  return rule.name ?? rule.id
}

/** How much longer than its latency profile has it a struck call may keep the backend waiting, milliseconds. */
export function faultHoldMs(rule: FaultRule): number {
  if (rule.id === 'hang') return rule.holdMs
  if (rule.id === 'late-answer') return rule.lateMs
  return rule.id === 'slow-body' ? rule.overMs : 0
}
