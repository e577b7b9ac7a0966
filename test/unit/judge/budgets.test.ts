import { describe, expect, it } from 'vitest'
import type { LoadEvidence } from '../../../src/contract/engine.ts'
import type { Budget, LatencyMetric } from '../../../src/contract/plan.ts'
import type { Gate } from '../../../src/contract/result.ts'
import { samplesFor } from '../../../src/judge/figure.ts'
import { judge } from '../../../src/judge/judge.ts'
import {
  attackEvidenceOf,
  attackOf,
  attackPlanOf,
  exactTotalOf,
  GOT_IN,
  ledgerOf,
  loadOf,
  p99Budget,
  planOf,
  totalOf,
  UNCLEAR,
  WITHSTOOD,
} from './evidence-builder.ts'

function gateOf(budget: Budget, load: LoadEvidence = loadOf()): Gate {
  return judge(ledgerOf({ load }), planOf({ budgets: [budget] }), []).gates[0]!
}

function latency(metric: LatencyMetric, limitMs: number, more: Partial<Extract<Budget, { kind: 'latency' }>> = {}): Budget {
  return { kind: 'latency', metric, stat: 'p99', limitMs, minSamples: 100, ...more }
}

describe('a latency budget', () => {
  it.each<LatencyMetric>(['login', 'backend_added', 'nonce', 'me'])(
    'on %s holds under a wide limit and fails over a tight one',
    metric => {
      expect(gateOf(latency(metric, 10_000)).outcome).toBe('pass')
      expect(gateOf(latency(metric, 0.5)).outcome).toBe('fail')
    },
  )

  it.each(['p50', 'p90', 'p95', 'p99', 'max'] as const)('reads %s', stat => {
    const gate = gateOf(latency('login', 10_000, { stat }))
    const truth = { p50: 150, p90: 230, p95: 240, p99: 248, max: 250 }[stat]
    expect(Math.abs((gate.observed ?? 0) / truth - 1)).toBeLessThan(0.012)
  })

  it('is inconclusive when the metric is missing', () => {
    const gate = gateOf(latency('me', 10_000), loadOf({ totals: [totalOf('oneTap', 'granted', 2000)] }))
    expect(gate).toMatchObject({ outcome: 'inconclusive', observed: null, samples: 0 })
  })

  it('is inconclusive when there was no load at all', () => {
    const result = judge(ledgerOf({ load: null }), planOf(), [])
    expect(result.gates[0]).toMatchObject({ outcome: 'inconclusive', observed: null })
    expect(result.load).toBeNull()
  })

  it('is inconclusive under the samples it asks for', () => {
    expect(gateOf(latency('login', 10_000, { minSamples: 2001 }))).toMatchObject({ outcome: 'inconclusive', minSamples: 2001 })
  })

  it.each([
    ['p50', 20],
    ['p90', 100],
    ['p95', 200],
    ['p99', 1000],
    ['p999', 10_000],
    ['max', 1],
  ] as const)('on %s needs %i samples whatever the budget asks', (stat, needed) => {
    expect(samplesFor(stat)).toBe(needed)
    const few = needed - 1
    const load = loadOf({ totals: [totalOf('oneTap', 'granted', 2000), totalOf('me', 'granted', few)] })
    expect(gateOf(latency('me', 10_000, { stat, minSamples: 0 }), load).outcome).toBe('inconclusive')
  })

  it('counts only granted steps: quick refusals do not improve a percentile', () => {
    const load = loadOf({ totals: [totalOf('oneTap', 'granted', 1500, 400, 600), totalOf('oneTap', 'refused', 500, 1, 2)] })
    expect(gateOf(latency('login', 500), load).outcome).toBe('fail')
  })

  it('is inconclusive when the limit lies within the error of a histogram, on either side', () => {
    const observed = gateOf(latency('login', 10_000)).observed!
    expect(gateOf(latency('login', observed * 1.005)).outcome).toBe('inconclusive')
    expect(gateOf(latency('login', observed * 0.995)).outcome).toBe('inconclusive')
    expect(gateOf(latency('login', observed * 1.02)).outcome).toBe('pass')
    expect(gateOf(latency('login', observed * 0.98)).outcome).toBe('fail')
  })

  it('takes an exact figure at its word', () => {
    const load = loadOf({ totals: [exactTotalOf('oneTap', 'granted', 2000, 200)] })
    expect(gateOf(latency('login', 200), load)).toMatchObject({ outcome: 'pass', observed: 200, figureError: 0 })
    expect(gateOf(latency('login', 199), load)).toMatchObject({ outcome: 'fail', figureError: 0 })
  })

  it('does not take an exact figure that is no number', () => {
    const total = exactTotalOf('oneTap', 'granted', 2000, Number.NaN)
    expect(gateOf(latency('login', 10_000), loadOf({ totals: [total] })).figureError).toBeGreaterThan(0)
  })

  it('gives two budgets on one figure different ids', () => {
    const { gates } = judge(ledgerOf(), planOf({ budgets: [p99Budget(500), p99Budget(900)] }), [])
    expect(gates.map(gate => gate.id)).toEqual(['login.p99', 'login.p99-2'])
  })
})

describe('an error-rate budget', () => {
  const budget = (limit: number, minSamples = 100): Budget => ({ kind: 'error-rate', limit, minSamples })
  const mixed = (refused: number, failed: number, carrierFailed = 0): LoadEvidence =>
    loadOf({
      totals: [
        totalOf('oneTap', 'granted', 2000 - refused - failed),
        totalOf('oneTap', 'refused', refused),
        totalOf('oneTap', 'failed', failed),
        totalOf('oneTap', 'carrier-failed', carrierFailed),
      ],
    })

  it('counts refused and failed, and leaves out what the carrier was told to fail', () => {
    expect(gateOf(budget(0.01), mixed(10, 10, 300))).toMatchObject({ outcome: 'pass', observed: 0.01, samples: 2000 })
    expect(gateOf(budget(0.01), mixed(11, 10)).outcome).toBe('fail')
    expect(gateOf(budget(0.01), mixed(0, 21)).outcome).toBe('fail')
  })

  it('fails a backend that refuses everyone, whatever the limit', () => {
    const result = judge(ledgerOf({ load: mixed(2000, 0) }), planOf({ budgets: [budget(1)] }), [])
    expect(result.gates[0]?.outcome).toBe('fail')
    expect(result.exitCode).toBe(99)
  })

  it('fails a backend that dies silently: requests without a reply are errors, not an excuse', () => {
    const load = { ...mixed(0, 1000), transportErrors: 1000 }
    expect(gateOf(budget(0.01), load).outcome).toBe('fail')
  })

  it('is inconclusive without exchanges or with too few', () => {
    expect(gateOf(budget(0.01), loadOf({ totals: [] }))).toMatchObject({ outcome: 'inconclusive', observed: null })
    expect(gateOf(budget(0.01, 2001)).outcome).toBe('inconclusive')
    expect(gateOf(budget(0.01, 0), mixed(2000, 0)).minSamples).toBe(1)
  })
})

describe('an attacks budget', () => {
  const attacks = [attackOf('rp-one'), attackOf('rp-two'), attackOf('ft-one', { family: 'forged-token' })]
  const gate = (judgements: Parameters<typeof attackEvidenceOf>[1][], minSamples = 1, family = 'replay'): Gate => {
    const ids = ['rp-one', 'rp-two', 'ft-one']
    const evidence = judgements.map((judgement, i) => attackEvidenceOf(ids[i]!, judgement))
    const plan = planOf({ load: null, attack: attackPlanOf({ include: ids.slice(0, judgements.length) }) })
    const budgets: Budget[] = [{ kind: 'attacks', family, minSamples }]
    return judge(ledgerOf({ load: null, attacks: evidence }), { ...plan, budgets }, attacks).gates[0]!
  }

  it('holds when none of the family got in', () => {
    expect(gate([WITHSTOOD, WITHSTOOD, GOT_IN])).toMatchObject({ outcome: 'pass', observed: 0, samples: 2 })
  })
  it('fails when one got in, even beside open ones', () => {
    expect(gate([GOT_IN, UNCLEAR])).toMatchObject({ outcome: 'fail', observed: 1 })
  })
  it('is inconclusive when one of the family is open', () => expect(gate([WITHSTOOD, UNCLEAR]).outcome).toBe('inconclusive'))
  it('is inconclusive when none came to a verdict', () => {
    expect(gate([UNCLEAR])).toMatchObject({ outcome: 'inconclusive', observed: null })
    expect(gate([WITHSTOOD], 1, 'number-reuse').outcome).toBe('inconclusive')
  })
  it('says that the target lacks what the family needs when none of it applies', () => {
    const nothing = attackEvidenceOf('rp-one', WITHSTOOD, {
      status: 'not-applicable',
      reason: 'the target has no operation rebind',
    })
    const plan = planOf({ load: null, attack: attackPlanOf({ include: ['rp-one'] }) })
    const budgets: Budget[] = [{ kind: 'attacks', family: 'replay', minSamples: 1 }]
    const [found] = judge(ledgerOf({ load: null, attacks: [nothing] }), { ...plan, budgets }, attacks).gates
    expect(found?.outcome).toBe('inconclusive')
    expect(found?.text).toContain('None of 1 replay attacks applies')
  })
  it('is inconclusive under the verdicts it asks for', () => expect(gate([WITHSTOOD], 2).outcome).toBe('inconclusive'))
  it('covers every family when it names all', () => expect(gate([WITHSTOOD, WITHSTOOD, GOT_IN], 1, 'all').outcome).toBe('fail'))
})
