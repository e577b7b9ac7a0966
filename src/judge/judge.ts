import type { Attack } from '../contract/attack.ts'
import type { EvidenceRecord } from '../contract/evidence.ts'
import { RESULT_VERSION } from '../contract/migrate-result.ts'
import type { Plan } from '../contract/plan.ts'
import type { Result } from '../contract/result.ts'
import { judgeAttacks } from './attack-results.ts'
import { judgeBudgets } from './budgets.ts'
import { figureFields } from './figure-fields.ts'
import { type LedgerView, readLedger } from './ledger-view.ts'
import { summarise } from './summary.ts'
import { judgeSuppressions, type Weighing } from './suppressions.ts'
import { judgeTimeline } from './timeline.ts'
import { judgeValidity } from './validity.ts'
import { overallVerdict } from './verdict.ts'

/** Names the shape of the result document; the published JSON Schema carries it as `$id`. */
export const RESULT_SCHEMA_ID = 'urn:onetap:schema:result-1'

/**
 * Judges a run from its ledger and its plan: first whether the evidence is worth judging, then each budget and attack, then the
 * whole. `baseline`: an earlier result for budgets that ask for one. Pure: the same ledger gives the same result on any machine. A cut or foreign ledger gives a verdict, not a throw.
 */
export function judge(records: readonly EvidenceRecord[], plan: Plan, attacks: readonly Attack[], baseline?: Result): Result {
  const view = readLedger(records, plan)
  const load = view.loads[0]
  const weighing = weighingOf(view, plan)
  const judgedAttacks = judgeAttacks(view.attacks, plan, attacks, weighing)
  const suppressions = judgeSuppressions(judgedAttacks.results, weighing)
  const validity = judgeValidity(view, plan)
  const judged = {
    validity,
    gates: judgeBudgets(plan.budgets, {
      plan,
      load: load?.load,
      carrier: load?.carrier,
      validity,
      attacks: judgedAttacks.results,
      figures: figureFields(judgedAttacks.results),
      baseline,
    }),
    load: load === undefined ? null : { ...summarise(load), ...judgeTimeline(load, plan, validity) },
    attacks: judgedAttacks.results,
    trouble: [...view.trouble, ...judgedAttacks.trouble],
    ended: view.ended ?? 'failed',
  }
  return {
    $schema: RESULT_SCHEMA_ID,
    schemaVersion: RESULT_VERSION,
    id: plan.runId,
    name: plan.name,
    ...overallVerdict(judged, plan),
    tool: { ...view.tool, engine: load === undefined ? null : `${load.load.engine.id} ${load.load.engine.version}` },
    target: targetOf(view, plan),
    time: { startedAt: new Date(view.startedAtMs).toISOString(), durationMs: view.durationMs },
    machine: view.machine,
    plan,
    ...judged,
    ...figureFields(judgedAttacks.results),
    ...(suppressions.length === 0 ? {} : { suppressions }),
    ...(baseline === undefined ? {} : { baseline: { id: baseline.id, startedAt: baseline.time.startedAt } }),
    notes: [...view.notes, ...suppressions.filter(({ state }) => state !== 'in-force').map(({ text }) => text)],
  }
}

/** The target by what stays the same from run to run: a port that was free that day would make every finding a new one. */
function weighingOf(view: LedgerView, plan: Plan): Weighing {
  return {
    plan: plan.attack,
    target: view.target?.identity?.name ?? plan.target.url ?? plan.name,
    day: new Date(view.startedAtMs).toISOString().slice(0, 10),
  }
}

function targetOf(view: LedgerView, plan: Plan): Result['target'] {
  const identity = view.target?.identity ?? null
  const url = view.target?.url ?? plan.target.url ?? ''
  return { name: identity?.name ?? (url === '' ? 'target never up' : url), url, identity }
}
