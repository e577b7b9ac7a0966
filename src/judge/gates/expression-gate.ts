import type { GateExpression } from '../../contract/gate-expression.ts'
import { exhaustive } from '../../contract/json.ts'
import type { Budget } from '../../contract/plan.ts'
import type { Gate } from '../../contract/result.ts'
import { judgeAttacksGate } from './attacks-gate.ts'
import type { GateEvidence } from './gate-evidence.ts'
import { judgeLoadGate } from './load-gate.ts'
import { judgeMeasureGate } from './measure-gate.ts'
import { titleOf, unitOf } from './words.ts'

/** What is settled about a gate once its figure was looked at; the rest of it follows from the expression. */
export type Settled = Pick<Gate, 'outcome' | 'text' | 'observed' | 'samples' | 'minSamples' | 'figureError'> &
  Partial<Pick<Gate, 'limit' | 'parts' | 'baseline'>>

/** A budget written as an expression. What it asks for and the evidence cannot show is inconclusive. */
export function judgeExpression(budget: Extract<Budget, { kind: 'expression' }>, evidence: GateEvidence): Gate {
  const { gate } = budget
  const limit = gate.bound.kind === 'value' ? gate.bound.value : null
  return {
    ...titleOf(gate),
    comparator: gate.comparator,
    unit: unitOf(gate.figure),
    limit,
    ...settle(gate, budget.minSamples ?? 1, evidence),
  }
}

function settle(gate: GateExpression, asked: number, evidence: GateEvidence): Settled {
  const { figure } = gate
  switch (figure.kind) {
    case 'latency':
    case 'share':
    case 'goodput-rate':
      return judgeLoadGate({ ...gate, figure }, asked, evidence)
    case 'attacks':
      return judgeAttacksGate({ ...gate, figure }, asked, evidence)
    case 'carrier-calls':
    case 'revocation':
      return judgeMeasureGate({ ...gate, figure }, asked, evidence)
    default:
      return exhaustive(figure)
  }
}
