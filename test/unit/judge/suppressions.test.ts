import { describe, expect, it } from 'vitest'
import { PROOF_KINDS } from '../../../src/contract/attack.ts'
import { findingId, type Suppression } from '../../../src/contract/finding.ts'
import type { AttackPlan } from '../../../src/contract/plan.ts'
import type { Result } from '../../../src/contract/result.ts'
import { judge } from '../../../src/judge/judge.ts'
import {
  attackEvidenceOf,
  attackOf,
  attackPlanOf,
  GOT_IN,
  ledgerOf,
  planOf,
  START_MS,
  UNCLEAR,
  WITHSTOOD,
} from './evidence-builder.ts'

const attacks = [attackOf('rp-one'), attackOf('rp-two', { severity: 'low' })]
const day = (days: number): string => new Date(START_MS + days * 86_400_000).toISOString().slice(0, 10)
const TODAY = day(0)
const suppression = (more: Partial<Suppression> = {}): Suppression => ({
  id: 'rp-one',
  reason: 'Known.',
  until: day(7),
  ...more,
})

function run(more: Partial<AttackPlan>, one = GOT_IN, two = WITHSTOOD): Result {
  const evidence = [attackEvidenceOf('rp-one', one), attackEvidenceOf('rp-two', two)]
  const plan = planOf({
    load: null,
    attack: attackPlanOf(more),
    budgets: [{ kind: 'attacks', family: 'replay', minSamples: 2 }],
  })
  return judge(ledgerOf({ load: null, attacks: evidence }), plan, attacks)
}
const states = ({ suppressions }: Result) => suppressions?.map(({ state }) => state)

describe('a finding', () => {
  it('has an id that another run, seed and claim do not change', () => {
    const first = run({}).attacks[0]?.finding?.id
    const other = judge(
      ledgerOf({ load: null, attacks: [attackEvidenceOf('rp-one', { ...GOT_IN, claim: 'Other words.' })] }),
      planOf({ load: null, seed: 99, name: 'other', attack: attackPlanOf({ include: ['rp-one'] }), budgets: [] }),
      attacks,
    )
    expect(first).toMatch(/^f-[0-9a-f]{10}$/)
    expect(other.attacks[0]?.finding?.id).toBe(first)
  })

  it('has another id for another attack, target or kind of proof', () => {
    const ids = ['a', 'b'].flatMap(attack =>
      ['s', 't'].flatMap(target => PROOF_KINDS.map(kind => findingId(attack, target, kind))),
    )
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is only of what got in', () => {
    expect(run({}, WITHSTOOD, UNCLEAR).attacks.map(({ finding }) => finding)).toEqual([undefined, undefined])
  })
})

describe('a suppression in force', () => {
  it.each([
    ['attack', 'rp-one'],
    ['finding', findingId('rp-one', 'backend', 'credential')],
  ])('by %s id keeps the run green and is told with reason, end and owner', (_what, id) => {
    const result = run({ suppress: [suppression({ id, owner: 'login team' })] })
    expect([result.verdict, result.exitCode]).toEqual(['pass', 0])
    expect(result.attacks[0]?.outcome).toBe('fail')
    expect(result.attacks[0]?.finding?.standing).toEqual({
      kind: 'suppressed',
      reason: 'Known.',
      until: day(7),
      owner: 'login team',
    })
    expect(states(result)).toEqual(['in-force'])
    expect(result.gates[0]).toMatchObject({ outcome: 'pass', observed: 0, samples: 2 })
    expect(result.gates[0]?.text).toContain('1 of 2 replay attacks got in; that is accepted')
    const accepted = result.reasons.find(({ code }) => code === 'ACCEPTED')
    expect(accepted?.text).toContain(`until ${day(7)} by login team: Known.`)
    expect(result.reasons[0]?.text).toContain('1 got in and is accepted')
  })

  it('holds on its last day, and the day is that on which the run started', () => {
    expect(run({ suppress: [suppression({ until: TODAY })] }).exitCode).toBe(0)
    expect(run({ suppress: [suppression({ until: day(-1) })] }).exitCode).toBe(1)
  })

  it('covers no other finding', () => {
    const result = run({ suppress: [suppression()] }, GOT_IN, GOT_IN)
    expect(result.exitCode).toBe(1)
    expect(result.reasons.map(({ code }) => code)).toEqual(['ATTACK', 'BUDGET', 'ACCEPTED'])
  })

  it('of a finding does not cover another kind of proof of the same attack', () => {
    const id = findingId('rp-one', 'backend', 'server-error')
    const result = run({ suppress: [suppression({ id })] })
    expect([result.exitCode, states(result)]).toEqual([1, ['unused']])
  })

  it('leaves an attack without a verdict as it is', () => {
    const result = run({ suppress: [suppression()] }, UNCLEAR)
    expect([result.exitCode, result.attacks[0]?.outcome, states(result)]).toEqual([4, 'inconclusive', ['open']])
  })
})

describe('a suppression that does nothing is told in a note', () => {
  it.each([
    ['expired', suppression({ until: day(-1) }), GOT_IN, 1],
    ['unused', suppression(), WITHSTOOD, 0],
    ['unused', suppression({ until: day(-1) }), WITHSTOOD, 0],
    ['unused', suppression({ id: findingId('rp-one', 'backend', 'credential') }), WITHSTOOD, 0],
    ['not-run', suppression({ id: 'rp-three' }), WITHSTOOD, 0],
  ] as const)('when it is %s', (state, one, judgement, exitCode) => {
    const result = run({ suppress: [one] }, judgement)
    expect([result.exitCode, states(result)]).toEqual([exitCode, [state]])
    expect(result.notes).toHaveLength(1)
    expect(result.notes[0]).toContain(one.id)
    expect(result.notes[0]).toContain('Known.')
    expect(result.notes[0]?.includes('past')).toBe(state === 'unused' && one.until < TODAY)
  })
})

it('a suppression of an attack that does not apply to the target is not called unused', () => {
  const evidence = attackEvidenceOf('rp-one', WITHSTOOD, { status: 'not-applicable', reason: 'no nonce' })
  const plan = planOf({ load: null, attack: attackPlanOf({ suppress: [suppression()] }), budgets: [] })
  expect(states(judge(ledgerOf({ load: null, attacks: [evidence] }), plan, attacks))).toEqual(['not-run'])
})

describe('a bar', () => {
  it('tells a finding below it and lets it not turn the run red', () => {
    const result = run({ failOn: 'high' }, WITHSTOOD, GOT_IN)
    expect([result.verdict, result.exitCode]).toEqual(['pass', 0])
    expect(result.attacks[1]).toMatchObject({ outcome: 'fail', finding: { standing: { kind: 'below-bar', failOn: 'high' } } })
    expect(result.reasons[1]?.text).toContain('below the bar')
  })

  it.each(['high', 'medium', 'info'] as const)('of %s lets a high finding count', failOn => {
    expect(run({ failOn }).exitCode).toBe(1)
  })

  it('excuses no attack without a verdict', () => {
    expect(run({ failOn: 'critical' }, WITHSTOOD, UNCLEAR).exitCode).toBe(4)
  })
})
