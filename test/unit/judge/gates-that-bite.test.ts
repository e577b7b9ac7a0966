import { afterAll, describe, expect, it } from 'vitest'
import type { AttackEvidence } from '../../../src/contract/attack.ts'
import type { LoadEvidence, SeriesName, SeriesSecond } from '../../../src/contract/engine.ts'
import type { AttackCost, ReissueLevel } from '../../../src/contract/figures.ts'
import type { StepOutcome } from '../../../src/contract/flow.ts'
import type { GateFigure } from '../../../src/contract/gate-expression.ts'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { parseGate } from '../../../src/contract/parse-gate.ts'
import type { Budget, Plan } from '../../../src/contract/plan.ts'
import type { Gate, Result } from '../../../src/contract/result.ts'
import { judgeBudgets } from '../../../src/judge/budgets.ts'
import type { GateEvidence } from '../../../src/judge/gates/gate-evidence.ts'
import { judge } from '../../../src/judge/judge.ts'
import {
  attackEvidenceOf,
  attackOf,
  attackPlanOf,
  GOT_IN,
  ledgerOf,
  loadOf,
  planOf,
  totalOf,
  WITHSTOOD,
} from './evidence-builder.ts'

/** What a run is made of: a budget is judged on a sound one, and on its mutant, which differs in nothing but what the budget is about. */
interface Run {
  load?: LoadEvidence | null
  attacks?: readonly AttackEvidence[]
  figures?: GateEvidence['figures']
  baseline?: Result
}
interface Mutant {
  budget: string | Budget
  plan?: Partial<Plan>
  sound: Run
  mutant: Run
  /** Exit code that the mutant must end with. */
  exit: 1 | 99
}

const slowLogins = loadOf({
  totals: [totalOf('oneTap', 'granted', 2000, 400, 900), totalOf('backend_added', 'granted', 2000, 300, 700)],
})
const refusing = loadOf({ totals: [totalOf('oneTap', 'granted', 1600), totalOf('oneTap', 'refused', 400, 1, 5)] })
const withstood: Run = { load: null, attacks: [attackEvidenceOf('rp-one', WITHSTOOD), attackEvidenceOf('rp-two', WITHSTOOD)] }
const gotIn: Run = { load: null, attacks: [attackEvidenceOf('rp-one', WITHSTOOD), attackEvidenceOf('rp-two', GOT_IN)] }
const onlyAttacks: Partial<Plan> = { load: null, attack: attackPlanOf() }
const outage: Partial<Plan> = {
  mocks: { ...planOf().mocks, faults: [{ id: 'hang', share: 1, holdMs: 50, fromMs: 8000, toMs: 12_000, name: 'outage' }] },
}
const twoPhases: Partial<Plan> = {
  load: {
    ...planOf().load!,
    shape: {
      kind: 'ramping-arrival-rate',
      fromPerSecond: 100,
      stages: [
        { toPerSecond: 100, durationMs: 10_000 },
        { toPerSecond: 100, durationMs: 10_000 },
      ],
      durationMs: 20_000,
    },
  },
}

/** 20 seconds of 100 logins; `spoilt` says what is otherwise in which of them. */
function bySecond(spoilt: (second: number) => { refused?: number; ms?: number }): LoadEvidence {
  const one = (second: number, series: SeriesName, outcome: StepOutcome, count: number, ms: number): SeriesSecond[] =>
    count === 0 ? [] : [{ second, series, outcome, histogram: histogramOf(Array.from({ length: count }, () => ms)) }]
  const seconds = Array.from({ length: 20 }, (_, second) => {
    const { refused = 0, ms = 100 } = spoilt(second)
    return [...one(second, 'oneTap', 'granted', 100 - refused, ms), ...one(second, 'oneTap', 'refused', refused, 2)]
  })
  return loadOf({ seconds: seconds.flat() })
}

/** Fifty forged requests that cost so many calls. */
function costOf(carrierCalls: number): AttackCost {
  const perForged = [{ kind: 'made-up token', requests: 50, carrierCalls, billedCalls: 0, messages: 0, workMs: 1, cpuMs: null }]
  return { perForged, honest: [], victim: { state: 'none', tries: 1, lockedForMs: null, text: '' } }
}

function levelOf(lastAcceptedMs: readonly number[]): ReissueLevel {
  const series = [{ notices: 'delivered' as const, lastAcceptedMs, stillAlive: 0, watchedMs: 120_000, p50Ms: null, p99Ms: null }]
  return { withinMs: 60_000, series, unharmed: [] }
}

const even = bySecond(() => ({}))
const earlier = judge(ledgerOf(), planOf(), [])

/** One at least for each kind of budget, figure, scope and bound: a new kind does not compile without its mutant. */
const MUTANTS: Record<
  | Exclude<Budget['kind'], 'expression'>
  | GateFigure['kind']
  | 'while'
  | 'calm'
  | 'phase'
  | 'per'
  | 'carrier'
  | 'scenario'
  | 'baseline',
  Mutant
> = {
  latency: { budget: 'login.p99 < 400ms', sound: {}, mutant: { load: slowLogins }, exit: 99 },
  'error-rate': { budget: { kind: 'error-rate', limit: 0.05, minSamples: 500 }, sound: {}, mutant: { load: refusing }, exit: 99 },
  attacks: { budget: 'attacks.high = 0', plan: onlyAttacks, sound: withstood, mutant: gotIn, exit: 1 },
  share: { budget: 'goodput.share > 95%', sound: {}, mutant: { load: refusing }, exit: 99 },
  'goodput-rate': { budget: 'goodput.perSecond >= 90', sound: {}, mutant: { load: refusing }, exit: 99 },
  'carrier-calls': {
    budget: 'carrierCalls.perForged = 0',
    plan: onlyAttacks,
    sound: { ...withstood, figures: { attackCost: costOf(0) } },
    mutant: { ...withstood, figures: { attackCost: costOf(50) } },
    exit: 99,
  },
  revocation: {
    budget: 'reissue.revocation.p90 < 60s',
    plan: onlyAttacks,
    sound: { ...withstood, figures: { reissueLevel: levelOf(Array.from({ length: 100 }, () => 900)) } },
    mutant: {
      ...withstood,
      figures: { reissueLevel: levelOf(Array.from({ length: 100 }, (_, i) => (i < 80 ? 900 : 90_000))) },
    },
    exit: 99,
  },
  while: {
    budget: 'goodput.share > 0.95 while fault',
    plan: outage,
    sound: { load: even },
    mutant: { load: bySecond(second => ({ refused: second >= 8 && second < 12 ? 20 : 0 })) },
    exit: 99,
  },
  calm: {
    budget: 'login.p95 < 200ms while calm',
    plan: outage,
    sound: { load: bySecond(second => ({ ms: second >= 8 && second < 12 ? 900 : 100 })) },
    mutant: { load: bySecond(second => ({ ms: second >= 14 ? 900 : 100 })) },
    exit: 99,
  },
  phase: {
    budget: 'login.p95 < 200ms phase 2',
    plan: twoPhases,
    sound: { load: bySecond(second => ({ ms: second < 10 ? 900 : 100 })) },
    mutant: { load: bySecond(second => ({ ms: second < 10 ? 100 : 900 })) },
    exit: 99,
  },
  per: {
    budget: 'login.p95 < 200ms per phase',
    plan: twoPhases,
    sound: { load: even },
    mutant: { load: bySecond(second => ({ ms: second < 10 ? 100 : 900 })) },
    exit: 99,
  },
  carrier: {
    budget: 'login.p99 < 400ms carrier china-mobile',
    plan: { mocks: { ...planOf().mocks, carriers: ['china-mobile'] } },
    sound: {},
    mutant: { load: slowLogins },
    exit: 99,
  },
  scenario: {
    budget: `login.p99 < 400ms scenario ${planOf().load!.scenario}`,
    sound: {},
    mutant: { load: slowLogins },
    exit: 99,
  },
  baseline: {
    budget: 'login.p95 <= baseline + 50%',
    sound: { baseline: earlier },
    mutant: { baseline: earlier, load: slowLogins },
    exit: 99,
  },
}

/** As a plan has it. */
function budgetOf(budget: string | Budget): Budget {
  if (typeof budget !== 'string') return budget
  const parsed = parseGate(budget)
  if ('mistake' in parsed) throw new Error(parsed.mistake.text)
  return { kind: 'expression', text: budget, gate: parsed.gate }
}

function judged(one: Mutant, run: Run): { gate: Gate; exitCode: number } {
  const plan = planOf({ ...one.plan, budgets: [budgetOf(one.budget)] })
  const attacks = ['rp-one', 'rp-two'].map(id => attackOf(id))
  const result = judge(ledgerOf(run), plan, run.attacks === undefined ? [] : attacks, run.baseline)
  const gate = result.gates[0]!
  if (run.figures === undefined) return { gate, exitCode: result.exitCode }
  const { validity } = result
  const rest = { load: undefined, carrier: null, validity, attacks: result.attacks, baseline: undefined }
  const [measured] = judgeBudgets(plan.budgets, { plan, ...rest, figures: run.figures })
  return { gate: measured!, exitCode: measured!.outcome === 'fail' ? 99 : 0 }
}

describe('each kind of gate turns red on its mutant and nowhere else', () => {
  const bitten: string[] = []
  it.each(Object.entries(MUTANTS))('%s', (kind, one) => {
    const sound = judged(one, one.sound)
    expect([sound.gate.outcome, sound.exitCode], sound.gate.text).toEqual(['pass', 0])
    const mutant = judged(one, one.mutant)
    expect([mutant.gate.outcome, mutant.exitCode], mutant.gate.text).toEqual(['fail', one.exit])
    bitten.push(kind)
  })

  afterAll(() => {
    process.stdout.write(`gates that bite: ${bitten.length} of ${Object.keys(MUTANTS).length}\n`)
  })
})
