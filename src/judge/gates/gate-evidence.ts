import type { LoadEvidence } from '../../contract/engine.ts'
import type { AttackCost, ReissueLevel } from '../../contract/figures.ts'
import type { JournalTotals } from '../../contract/journal.ts'
import type { Plan } from '../../contract/plan.ts'
import type { AttackResult, Result, Validity } from '../../contract/result.ts'

/** All that a budget may rest on. */
export interface GateEvidence {
  plan: Plan
  load: LoadEvidence | undefined
  carrier: JournalTotals | null | undefined
  validity: Validity
  attacks: readonly AttackResult[]
  /** Figures that attacks showed beside their verdicts; absent where they did not run. */
  figures: { attackCost?: AttackCost; reissueLevel?: ReissueLevel }
  /** An earlier result to hold figures against. */
  baseline: Result | undefined
}
