import { describe, expect, it } from 'vitest'
import { histogramOf } from '../../../src/contract/histogram.ts'
import { parseGate } from '../../../src/contract/parse-gate.ts'
import type { Budget, Plan } from '../../../src/contract/plan.ts'
import type { Gate, Result } from '../../../src/contract/result.ts'
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
  UNCLEAR,
  WITHSTOOD,
} from './evidence-builder.ts'

function budget(text: string, minSamples?: number): Budget {
  const parsed = parseGate(text)
  if ('mistake' in parsed) throw new Error(parsed.mistake.text)
  return { kind: 'expression', text, gate: parsed.gate, ...(minSamples === undefined ? {} : { minSamples }) }
}

function gateOf(text: string, load = loadOf(), plan: Partial<Plan> = {}, baseline?: Result): Gate {
  return judge(ledgerOf({ load }), planOf({ ...plan, budgets: [budget(text)] }), [], baseline).gates[0]!
}

function attackGate(text: string, judgements: readonly (typeof GOT_IN)[]): Gate {
  const evidence = judgements.map((judgement, i) => attackEvidenceOf(`rp-${i}`, judgement))
  const attacks = judgements.map((_, i) => attackOf(`rp-${i}`))
  const plan = planOf({ load: null, attack: attackPlanOf(), budgets: [budget(text)] })
  return judge(ledgerOf({ load: null, attacks: evidence }), plan, attacks).gates[0]!
}

describe('an expression that the evidence cannot answer is inconclusive, never passed', () => {
  it.each([
    ['login.p99.9 < 10s', /2000 samples are too few for login.p99.9: 10000 are needed/],
    ['smsLogin.p50 < 10s', /There is no sample, so there is no smsLogin.p50/],
    ['login.p99 < 10s while fault', /No fault of the plan begins or ends/],
    ['login.p99 < 10s while outage', /no fault outage/],
    ['login.p99 < 10s phase 7', /The load has 1 phases, and no phase 7/],
    ['login.p99 < 10s carrier china-mobile', /not kept by carrier/],
    ['login.p99 < 10s scenario other', /no scenario other/],
    ['login.p99 <= baseline', /No baseline was given/],
    ['carrierCalls.perForged = 0', /did not measure carrierCalls.perForged/],
    ['reissue.revocation.p99 < 60s', /did not measure reissue.revocation.p99/],
  ])('%s', (text, words) => {
    const gate = gateOf(text)
    expect(gate.outcome).toBe('inconclusive')
    expect(gate.text).toMatch(words)
  })

  it('on a load that is not valid', () => {
    expect(gateOf('login.p99 < 10s', loadOf({ dropped: 9 })).text).toContain('the evidence is not valid: dropped')
  })

  it('with fewer samples than were asked for', () => {
    const plan = planOf({ budgets: [budget('login.p50 < 10s', 5000)] })
    expect(judge(ledgerOf(), plan, []).gates[0]).toMatchObject({ outcome: 'inconclusive', minSamples: 5000 })
  })

  it('within the error of its figure, on either side', () => {
    const observed = gateOf('login.p99 < 10s').observed!
    for (const limit of [observed * 1.004, observed * 0.996]) {
      expect(gateOf(`login.p99 < ${limit.toFixed(3)}ms`, loadOf(), {}).outcome).toBe('inconclusive')
    }
    expect(gateOf(`login.p99 < ${(observed * 1.02).toFixed(3)}ms`).outcome).toBe('pass')
    expect(gateOf(`login.p99 < ${(observed * 0.97).toFixed(3)}ms`).outcome).toBe('fail')
  })
})

describe('samples follow from the figure', () => {
  it.each([
    ['login.p99 < 10s', 1000],
    ['login.p99.9 < 10s', 10_000],
    ['login.p5 > 1ms', 200],
    ['goodput.share > 95%', 200],
    ['error.share <= 0.1%', 10_000],
    ['error.share = 0', 100],
    ['login.max < 10s', 1],
  ])('%s needs %i', (text, needed) => expect(gateOf(text).minSamples).toBe(needed))
})

describe('a gate on each part', () => {
  const shape = {
    kind: 'ramping-arrival-rate',
    fromPerSecond: 100,
    stages: [
      { toPerSecond: 100, durationMs: 10_000 },
      { toPerSecond: 100, durationMs: 10_000 },
    ],
    durationMs: 20_000,
  } as const
  it('tells every part and is decided by the worst', () => {
    const seconds = Array.from({ length: 20 }, (_, second) => ({
      second,
      series: 'oneTap' as const,
      outcome: 'granted' as const,
      histogram: histogramOf(Array.from({ length: 100 }, () => (second < 10 ? 100 : 900))),
    }))
    const gate = gateOf('login.p95 < 200ms per phase', loadOf({ seconds }), { load: { ...planOf().load!, shape } })
    expect(gate.parts).toEqual([
      { name: 'phase 1', outcome: 'pass', observed: expect.any(Number), samples: 1000 },
      { name: 'phase 2', outcome: 'fail', observed: expect.any(Number), samples: 1000 },
    ])
    expect(gate).toMatchObject({ outcome: 'fail', id: 'login.p95 per phase', text: expect.stringContaining('phase 2') })
  })
})

describe('attacks by severity or family', () => {
  it('fail on what got in, whatever else is open; and hold only when nothing open could cross', () => {
    expect(attackGate('attacks.high = 0', [WITHSTOOD, GOT_IN, UNCLEAR]).outcome).toBe('fail')
    expect(attackGate('attacks.high = 0', [WITHSTOOD, UNCLEAR]).outcome).toBe('inconclusive')
    expect(attackGate('attacks.high = 0', [WITHSTOOD, WITHSTOOD]).outcome).toBe('pass')
    expect(attackGate('attacks.replay <= 2', [GOT_IN, UNCLEAR]).outcome).toBe('pass')
    expect(attackGate('attacks.replay <= 2', [GOT_IN, GOT_IN, UNCLEAR]).outcome).toBe('inconclusive')
  })

  it('are inconclusive where no attack of the kind was run', () => {
    expect(attackGate('attacks.critical = 0', [WITHSTOOD])).toMatchObject({ outcome: 'inconclusive', observed: null })
  })
})

describe('a baseline', () => {
  const before = judge(ledgerOf(), planOf(), [])
  const withLogins = (fromMs: number, toMs: number): ReturnType<typeof loadOf> =>
    loadOf({ totals: [totalOf('oneTap', 'granted', 2000, fromMs, toMs)] })

  it('holds, is crossed, or is left open where chance could decide', () => {
    expect(gateOf('login.p95 <= baseline + 50%', loadOf(), {}, before)).toMatchObject({
      outcome: 'pass',
      baseline: expect.any(Number),
    })
    expect(gateOf('login.p95 <= baseline + 10%', withLogins(100, 500), {}, before).outcome).toBe('fail')
    const near = gateOf('login.p95 <= baseline', loadOf(), {}, before)
    expect(near).toMatchObject({ outcome: 'inconclusive', text: expect.stringContaining('chance') })
    expect(near.text).toContain('indicative')
  })

  it.each<[string, Partial<Plan>]>([
    ['target module', { target: { ...planOf().target, module: './another.ts' } }],
    ['scenario', { load: { ...planOf().load!, scenario: 'another' } }],
    ['load', { load: { ...planOf().load!, shape: { kind: 'constant-arrival-rate', ratePerSecond: 7, durationMs: 20_000 } } }],
    ['carriers', { mocks: { ...planOf().mocks, latency: { kind: 'fixed', ms: 1 } } }],
  ])('of another %s is not compared', (what, plan) => {
    const gate = gateOf('login.p95 <= baseline', loadOf(), plan, before)
    expect(gate).toMatchObject({ outcome: 'inconclusive', limit: null })
    expect(gate.text).toContain(`its ${what} w`)
  })

  it('without a valid load is none', () => {
    const bad = judge(ledgerOf({ load: loadOf({ dropped: 99 }) }), planOf(), [])
    expect(gateOf('login.p95 <= baseline', loadOf(), {}, bad).text).toContain('has no valid load')
  })

  it('is named in the result', () => {
    const result = judge(ledgerOf(), planOf({ budgets: [budget('login.p95 <= baseline + 50%')] }), [], before)
    expect(result.baseline).toEqual({ id: before.id, startedAt: before.time.startedAt })
  })
})
