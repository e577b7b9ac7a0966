import type { LoadEvidence } from '../contract/engine.ts'
import { exhaustive } from '../contract/json.ts'
import type { Budget } from '../contract/plan.ts'
import type { Gate, Validity } from '../contract/result.ts'
import { judgeAttacksBudget } from './budget-attacks.ts'
import { percent } from './check.ts'
import { figureOf, loginCount, samplesFor, seriesOf, totalOf } from './figure.ts'
import { judgeExpression } from './gates/expression-gate.ts'
import type { GateEvidence } from './gates/gate-evidence.ts'
import { blockingChecks } from './validity.ts'
import { latenessMs } from './validity-mocks.ts'

type LatencyBudget = Extract<Budget, { kind: 'latency' }>
type ErrorRateBudget = Extract<Budget, { kind: 'error-rate' }>
/** What is settled about a gate once its figure was looked at. */
type Ruling = Pick<Gate, 'outcome' | 'text'>

/** One gate a budget, in the plan's order. A figure that could not be had, or not well enough, is inconclusive. */
export function judgeBudgets(budgets: readonly Budget[], evidence: GateEvidence): Gate[] {
  const { load, carrier, validity, attacks } = evidence
  const gates = budgets.map(budget => {
    switch (budget.kind) {
      case 'latency':
        return judgeLatency(budget, load, validity, latenessMs(carrier))
      case 'error-rate':
        return judgeErrorRate(budget, load, validity)
      case 'attacks':
        return judgeAttacksBudget(budget, attacks)
      case 'expression':
        return judgeExpression(budget, evidence)
      default:
        return exhaustive(budget)
    }
  })
  return withUniqueIds(gates)
}

function judgeLatency(budget: LatencyBudget, load: LoadEvidence | undefined, validity: Validity, carrierLateMs: number): Gate {
  const lateMs = budget.metric === 'login' || budget.metric === 'backend_added' ? carrierLateMs : 0
  const total = load === undefined ? undefined : totalOf(load, seriesOf(budget.metric, load), 'granted')
  const figure = total === undefined ? undefined : figureOf(total, budget.stat)
  const samples = total?.count ?? 0
  const needed = Math.max(budget.minSamples, samplesFor(budget.stat))
  const rule = (): Ruling => {
    if (figure === undefined) return inconclusive(`No ${budget.metric} was granted, so there is no ${budget.stat}.`)
    if (samples < needed) return inconclusive(`${samples} samples are too few for ${budget.stat}: ${needed} are needed.`)
    const blocked = blockedBy(validity, 'latency')
    if (blocked !== undefined) return blocked
    const says = `${budget.stat} of ${budget.metric} was ${figure.value.toFixed(2)} ms`
    if (figure.value * (1 + figure.error) <= budget.limitMs)
      return { outcome: 'pass', text: `${says}, within ${budget.limitMs} ms.` }
    if (figure.value / (1 + figure.error) - lateMs > budget.limitMs)
      return { outcome: 'fail', text: `${says}, over ${budget.limitMs} ms.` }
    const late = lateMs === 0 ? '' : ` and the ${lateMs.toFixed(1)} ms by which the mock carriers were late`
    return inconclusive(`${says}, closer to ${budget.limitMs} ms than the figure's error of ${percent(figure.error)}${late}.`)
  }
  return {
    id: `${budget.metric}.${budget.stat}`,
    title: `${budget.metric} ${budget.stat} ≤ ${budget.limitMs} ms`,
    observed: figure?.value ?? null,
    limit: budget.limitMs,
    unit: 'ms',
    samples,
    minSamples: needed,
    figureError: figure?.error ?? 0,
    ...rule(),
  }
}

/** Refused and failed over all exchanges but those whose carrier was told to fail: honest users only, so each refusal is an error. */
function judgeErrorRate(budget: ErrorRateBudget, load: LoadEvidence | undefined, validity: Validity): Gate {
  const bad = load === undefined ? 0 : loginCount(load, 'refused') + loginCount(load, 'failed')
  const samples = load === undefined ? 0 : bad + loginCount(load, 'granted')
  const share = samples === 0 ? null : bad / samples
  const needed = Math.max(1, budget.minSamples)
  const rule = (): Ruling => {
    if (share === null) return inconclusive('No exchange was measured, so there is no error rate.')
    if (samples < needed) return inconclusive(`${samples} exchanges are too few: ${needed} are needed.`)
    const blocked = blockedBy(validity, 'error-rate')
    if (blocked !== undefined) return blocked
    const says = `${bad} of ${samples} exchanges were refused or failed (${percent(share)})`
    if (bad === samples) return { outcome: 'fail', text: `${says}: the backend let nobody in.` }
    return share <= budget.limit
      ? { outcome: 'pass', text: `${says}, within ${percent(budget.limit)}.` }
      : { outcome: 'fail', text: `${says}, over ${percent(budget.limit)}.` }
  }
  return {
    id: 'error-rate',
    title: `error rate ≤ ${percent(budget.limit)}`,
    observed: share,
    limit: budget.limit,
    unit: 'share',
    samples,
    minSamples: needed,
    figureError: 0,
    ...rule(),
  }
}

function blockedBy(validity: Validity, kind: 'latency' | 'error-rate'): Ruling | undefined {
  const ids = blockingChecks(validity, kind).map(check => check.id)
  return ids.length === 0 ? undefined : inconclusive(`Not judged, the evidence is not valid: ${ids.join(', ')}.`)
}

function inconclusive(text: string): Ruling {
  return { outcome: 'inconclusive', text }
}

/** Two budgets on one figure are allowed; JUnit readers drop cases of the same name silently. */
function withUniqueIds(gates: readonly Gate[]): Gate[] {
  const seen = new Map<string, number>()
  return gates.map(gate => {
    const n = (seen.get(gate.id) ?? 0) + 1
    seen.set(gate.id, n)
    return n === 1 ? gate : { ...gate, id: `${gate.id}-${n}` }
  })
}
