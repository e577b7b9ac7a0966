import type { Plan } from '../contract/plan.ts'
import type { LoadResult, Validity } from '../contract/result.ts'
import { arrivalsUntil } from '../contract/shape.ts'
import { marksOf } from '../contract/timeline.ts'
import { judgeIsolation } from './isolation.ts'
import type { LoadRecord } from './ledger-view.ts'
import { judgeRecovery } from './recovery.ts'
import { blockingChecks } from './validity.ts'

/** What was done to the carriers on the load's timeline, whether the target came back, and whom else it reached. Empty where nothing was done. */
export function judgeTimeline(
  { load, originMs }: LoadRecord,
  plan: Plan,
  validity: Validity,
): Pick<LoadResult, 'marks' | 'recovery' | 'isolation'> {
  if (originMs === undefined || plan.load === null) return {}
  const { mocks } = plan
  const { shape, recoverWithinMs } = plan.load
  const marks = marksOf(mocks.latency, mocks.faults, originMs - load.startedAtMs)
  if (marks.length === 0) return {}
  // A closed load plans no arrivals: what came in before is the measure.
  const plannedIn = (second: number): number =>
    shape.kind === 'closed' ? 1 : arrivalsUntil(shape, (second + 1) * 1000) - arrivalsUntil(shape, second * 1000)
  const held = heldBack(validity)
  return {
    marks,
    recovery: judgeRecovery(load, marks, plannedIn, recoverWithinMs).map(held),
    isolation: judgeIsolation(load, marks, mocks.carriers).map(held),
  }
}

/** On evidence that is not valid nothing is told of the target. */
function heldBack(validity: Validity): <V extends { outcome: 'pass' | 'fail' | 'inconclusive'; text: string }>(verdict: V) => V {
  const ids = blockingChecks(validity, 'error-rate').map(check => check.id)
  if (ids.length === 0) return verdict => verdict
  return verdict => ({
    ...verdict,
    outcome: 'inconclusive',
    text: `Not judged, the evidence is not valid (${ids.join(', ')}). ${verdict.text}`,
  })
}
