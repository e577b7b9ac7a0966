import type { FaultId, FaultRule } from '../src/contract/fault.ts'
import type { Answer, Call } from './dialect.ts'
import type { Delivery, StruckCall } from './faults/fault-part.ts'
import { faults } from './faults/index.ts'

/** What became of a call that rules drew. */
export type Struck = {
  /** The rules that really struck, in the order of what they do. */
  by: readonly FaultId[]
} & (
  | { kind: 'answered'; answer: Answer; delivery: Exclude<Delivery, Silence> }
  /** Nothing is to be sent, and the books were not settled. */
  | { kind: 'silent'; delivery: Silence }
)

type Silence = Extract<Delivery, { kind: 'none' }>

const WHOLE: Delivery = { kind: 'whole', lateMs: 0 }

/** Lets the first rule of each stage strike; what none of them answers is settled as ever. */
export function strike(rules: readonly FaultRule[], struck: StruckCall): Struck {
  const by: FaultId[] = []
  const sending = rules.find(rule => partOf(rule).deed.stage === 'delivery')
  const delivery = sending === undefined ? WHOLE : deliveryOf(sending)
  if (delivery.kind === 'none') return { kind: 'silent', delivery, by: sending === undefined ? [] : [sending.id] }
  const answer = contentOf(rules, answerOf(rules, struck, by), struck.call, by)
  if (sending !== undefined) by.push(sending.id)
  return { kind: 'answered', answer, delivery, by }
}

function answerOf(rules: readonly FaultRule[], struck: StruckCall, by: FaultId[]): Answer {
  for (const rule of rules) {
    const { deed } = partOf(rule)
    const answer = deed.stage === 'answer' ? deed.strike(rule, struck) : undefined
    if (answer === undefined) continue
    by.push(rule.id)
    return answer
  }
  return struck.settle(struck.claims)
}

function contentOf(rules: readonly FaultRule[], answer: Answer, call: Call, by: FaultId[]): Answer {
  for (const rule of rules) {
    const { deed } = partOf(rule)
    if (deed.stage !== 'content') continue
    by.push(rule.id)
    return deed.strike(rule, answer, call)
  }
  return answer
}

function deliveryOf(rule: FaultRule): Delivery {
  const { deed } = partOf(rule)
  return deed.stage === 'delivery' ? deed.strike(rule) : WHOLE
}

type Deed =
  | { stage: 'answer'; strike(rule: FaultRule, struck: StruckCall): Answer | undefined }
  | { stage: 'content'; strike(rule: FaultRule, answer: Answer, call: Call): Answer }
  | { stage: 'delivery'; strike(rule: FaultRule): Delivery }

/** A part as it takes a rule of its own id, which the compiler cannot follow through the table. */
function partOf(rule: FaultRule): { deed: Deed } {
  return faults[rule.id] as unknown as { deed: Deed }
}
