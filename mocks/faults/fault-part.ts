import type { FaultAct, FaultId, FaultRule } from '../../src/contract/fault.ts'
import type { TokenClaims } from '../../src/contract/token.ts'
import type { Answer, Call, Reading } from '../dialect.ts'

/** A call that a rule drew, while it is being answered. */
export interface StruckCall {
  call: Call
  reading: Reading
  /** The call's token; undefined when it carried none of ours. */
  claims: TokenClaims | undefined
  /** Settles the books as the provider would without a fault; with a skew, by a clock that is off. At most once per call. */
  settle(claims: TokenClaims | undefined, skewMs?: number): Answer
  /** True when a call more fits into this many a second of the rule. */
  passes(rule: FaultRule, ratePerSecond: number): boolean
}

/** How an answer leaves. Times in milliseconds. */
export type Delivery =
  | { kind: 'whole'; lateMs: number }
  /** Nothing is sent and the books stay as they are. `hold`: cut after `holdMs`, counted from the call's arrival. */
  | { kind: 'none'; end: 'hold' | 'reset' | 'half-close'; holdMs: number }
  | { kind: 'drip'; overMs: number; chunks: number }
  | { kind: 'cut'; keepShare: number }
  | { kind: 'twice' }

/** The fields of an act beside those every rule has. */
export type ActFields<Id extends FaultId> = Omit<Extract<FaultAct, { id: Id }>, 'id'>
type RuleOf<Id extends FaultId> = Extract<FaultRule, { id: Id }>

/**
 * What a fault does, by the moment it does it. Of the rules that draw a call the first of each kind strikes, so that a wrong answer
 * may also come slowly, and never two contradict each other.
 */
export type FaultDeed<Id extends FaultId> =
  /** In place of settling. Undefined lets the call through: another rule, or the provider itself, answers. */
  | { stage: 'answer'; strike(rule: RuleOf<Id>, struck: StruckCall): Answer | undefined }
  /** After settling: changes what will be sent. */
  | { stage: 'content'; strike(rule: RuleOf<Id>, answer: Answer, call: Call): Answer }
  | { stage: 'delivery'; strike(rule: RuleOf<Id>): Delivery }

export interface FaultPart<Id extends FaultId> {
  id: Id
  /** A sentence for `onetap list`. */
  about: string
  /** Reads the act's own fields out of a control-plane request; a text says what is wrong. Unknown fields are refused elsewhere. */
  parse(fields: Readonly<Record<string, unknown>>): ActFields<Id> | string
  /** Names of the act's own fields. */
  fields: readonly (keyof ActFields<Id> & string)[]
  deed: FaultDeed<Id>
}

export function defineFault<Id extends FaultId>(part: FaultPart<Id>): FaultPart<Id> {
  return part
}

/** A number within bounds; used by the parts to read their fields. */
export function within(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && value >= least && value <= most
}

/** No fault keeps a connection longer than this. */
export const LONGEST_HOLD_MS = 120_000
