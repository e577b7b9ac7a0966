import type { FaultRule } from '../../src/contract/fault.ts'
import type { Answer, Reading } from '../dialect.ts'

/** What a fault makes of a call that it strikes. */
export type Strike =
  | { kind: 'answer'; answer: Answer }
  /** Nothing is sent; the connection is cut `holdMs` after the call arrived. */
  | { kind: 'silence'; holdMs: number }

export interface FaultPart<Id extends FaultRule['id']> {
  id: Id
  /** A sentence for `onetap list`. */
  about: string
  /** Reads a rule out of a control-plane request whose `id` and `share` hold; a text says what is wrong. */
  parse(fields: Readonly<Record<string, unknown>>, share: number): Extract<FaultRule, { id: Id }> | string
  strike(rule: Extract<FaultRule, { id: Id }>, reading: Reading): Strike
}

export function defineFault<Id extends FaultRule['id']>(part: FaultPart<Id>): FaultPart<Id> {
  return part
}
