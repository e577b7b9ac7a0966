import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../src/contract/errors.ts'
import type { Plan } from '../../../src/contract/plan.ts'
import { judge } from '../../../src/judge/judge.ts'
import {
  attackEvidenceOf,
  attackOf,
  attackPlanOf,
  GOT_IN,
  type LedgerParts,
  ledgerOf,
  loadOf,
  p99Budget,
  planOf,
  totalOf,
  UNCLEAR,
  WITHSTOOD,
} from './evidence-builder.ts'

const attacks = [attackOf('rp-one'), attackOf('rp-two')]
const withAttacks = (more: Partial<Plan> = {}): Plan => planOf({ attack: attackPlanOf(), ...more })
const both = (one = WITHSTOOD, two = WITHSTOOD): LedgerParts => ({
  attacks: [attackEvidenceOf('rp-one', one), attackEvidenceOf('rp-two', two)],
})
const trouble = (code: ErrorCode): NonNullable<LedgerParts['extra']> => [
  { kind: 'trouble', error: { code, message: `it was ${code}` } },
]
const slow = loadOf({ totals: [totalOf('oneTap', 'granted', 2000, 900, 1000)] })

describe('the overall verdict', () => {
  it('is pass and 0 when every budget and attack held on valid evidence', () => {
    const result = judge(ledgerOf(both()), withAttacks(), attacks)
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0, ended: 'finished' })
    expect(result.reasons).toEqual([
      { code: 'HELD', ref: '#/gates', text: '1 of 1 budgets held, 2 of 2 attacks were withstood, on valid evidence.' },
    ])
  })

  const rows: [what: string, parts: LedgerParts, plan: Plan, exitCode: number, verdict: string, code: string][] = [
    ['an attack got in', both(GOT_IN), withAttacks(), 1, 'fail', 'ATTACK'],
    ['an attack got in and a budget was crossed', { ...both(GOT_IN), load: slow }, withAttacks(), 1, 'fail', 'ATTACK'],
    [
      'an attack got in and the target died',
      { ...both(GOT_IN), extra: trouble('TARGET_DIED') },
      withAttacks(),
      1,
      'fail',
      'ATTACK',
    ],
    ['a load budget was crossed', { load: slow }, planOf(), 99, 'fail', 'BUDGET'],
    ['a budget was crossed and an attack is open', { ...both(UNCLEAR), load: slow }, withAttacks(), 99, 'fail', 'BUDGET'],
    [
      'the target could not be reached',
      { load: null, extra: trouble('TARGET_UNREACHABLE') },
      planOf(),
      3,
      'error',
      'TARGET_UNREACHABLE',
    ],
    ['the target may not be touched', { load: null, extra: trouble('NOT_ALLOWED') }, planOf(), 2, 'error', 'NOT_ALLOWED'],
    ['we have a bug', { extra: trouble('INTERNAL') }, planOf(), 70, 'error', 'INTERNAL'],
    ['the run failed and nobody wrote why', { ended: 'failed' }, planOf(), 3, 'error', 'RUN_FAILED'],
    ['the ledger is cut', { ended: null }, planOf(), 3, 'error', 'RUN_FAILED'],
    ['an attack is open', both(WITHSTOOD, UNCLEAR), withAttacks(), 4, 'inconclusive', 'ATTACK_OPEN'],
    [
      'an attack was never run',
      { attacks: [attackEvidenceOf('rp-one', WITHSTOOD)] },
      withAttacks(),
      4,
      'inconclusive',
      'ATTACK_OPEN',
    ],
    [
      'a budget is open',
      {},
      planOf({ budgets: [p99Budget(500), { ...p99Budget(500), minSamples: 9999 }] }),
      4,
      'inconclusive',
      'BUDGET_OPEN',
    ],
    ['no budget judges the load', {}, planOf({ budgets: [] }), 4, 'inconclusive', 'NO_BUDGET'],
    ['nothing was planned', { load: null }, planOf({ load: null, budgets: [] }), 4, 'inconclusive', 'NOTHING_PLANNED'],
    ['the ledger is of another run', {}, planOf({ runId: 'another' }), 3, 'error', 'EVIDENCE'],
    ['Ctrl-C stopped it', { ended: 'interrupted' }, planOf(), 130, 'inconclusive', 'STOPPED'],
    ['SIGTERM stopped it', { ended: 'terminated' }, planOf(), 143, 'inconclusive', 'STOPPED'],
    ['Ctrl-C stopped it after an attack got in', { ...both(GOT_IN), ended: 'interrupted' }, withAttacks(), 130, 'fail', 'ATTACK'],
  ]
  it.each(rows)('when %s', (_what, parts, plan, exitCode, verdict, code) => {
    const result = judge(ledgerOf(parts), plan, attacks)
    expect([result.exitCode, result.verdict, result.reasons[0]?.code]).toEqual([exitCode, verdict, code])
  })

  it('is never pass on an empty ledger', () => {
    for (const plan of [planOf(), withAttacks(), planOf({ load: null, attack: attackPlanOf(), budgets: [] })]) {
      const result = judge([], plan, attacks)
      expect(result.exitCode).toBe(3)
      expect(result.verdict).toBe('error')
    }
  })

  it('keeps every reason, the strongest first', () => {
    const parts = { ...both(UNCLEAR, GOT_IN), load: { ...slow, dropped: 1 }, extra: trouble('DISK') }
    const { reasons } = judge(ledgerOf(parts), withAttacks(), attacks)
    expect(reasons.map(reason => reason.code)).toEqual(['ATTACK', 'DISK', 'ATTACK_OPEN', 'VALIDITY', 'BUDGET_OPEN'])
  })

  it('points each reason at a part of the document that is there', () => {
    const parts = { ...both(UNCLEAR, GOT_IN), load: { ...slow, dropped: 1 }, extra: trouble('DISK') }
    const result = judge(ledgerOf(parts), withAttacks(), attacks)
    for (const { ref } of result.reasons) {
      const found = ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], result)
      expect(found, ref).toBeDefined()
    }
  })

  it('repeats no trouble that engine and belt both wrote down', () => {
    const error = { code: 'ENGINE_FAILED', message: 'the engine broke' } as const
    const parts = { load: loadOf({ trouble: [error] }), extra: [{ kind: 'trouble' as const, error }] }
    expect(judge(ledgerOf(parts), planOf(), []).trouble).toEqual([error])
  })
})

describe('attack results', () => {
  const planned = (include: string[], exclude: string[] = []): Plan =>
    planOf({ load: null, budgets: [], attack: attackPlanOf({ include, exclude }) })
  const results = (parts: LedgerParts, plan = planned(['rp-one'])) => judge(ledgerOf({ load: null, ...parts }), plan, attacks)

  it('keep the attack\u2019s own words and a line that runs it again', () => {
    const [one] = results({ attacks: [attackEvidenceOf('rp-one', GOT_IN)] }).attacks
    expect(one).toMatchObject({
      id: 'rp-one',
      outcome: 'fail',
      claim: GOT_IN.claim,
      reproduce: 'npx onetap attack rp-one --seed 7',
    })
  })

  it('do not count what is not applicable as passed', () => {
    const evidence = attackEvidenceOf('rp-one', WITHSTOOD, { status: 'not-applicable', reason: 'no JWT' })
    const result = results({ attacks: [evidence] })
    expect(result.attacks[0]?.outcome).toBe('not-applicable')
    expect([result.verdict, result.exitCode, result.reasons[0]?.code]).toEqual(['inconclusive', 4, 'NO_ATTACK_VERDICT'])
  })

  it.each(['before', 'after'] as const)('are open when the honest case failed %s the attack', when => {
    const control = { before: null, after: null, [when]: 'login answered 503' }
    const result = results({ attacks: [attackEvidenceOf('rp-one', WITHSTOOD, { control })] })
    expect(result.attacks[0]?.outcome).toBe('inconclusive')
    expect(result.exitCode).toBe(4)
  })

  it('are an error when the saved observation cannot be judged any more', () => {
    const broken = attackOf('rp-one')
    broken.judge = () => {
      throw new Error('no such field')
    }
    const ledger = ledgerOf({ load: null, attacks: [attackEvidenceOf('rp-one', WITHSTOOD)] })
    const result = judge(ledger, planned(['rp-one']), [broken])
    expect(result.attacks[0]).toMatchObject({ outcome: 'error', claim: expect.stringContaining('no such field') })
    expect(result.exitCode).toBe(4)
  })

  it('say so when the ledger holds an attack this version does not know', () => {
    const result = results({ attacks: [attackEvidenceOf('rp-one', WITHSTOOD), attackEvidenceOf('rp-new', WITHSTOOD)] })
    expect(result.trouble[0]?.message).toContain('rp-new')
    expect(result.exitCode).toBe(3)
  })

  it('cover what the plan asked for by id, family or all, less what it excludes', () => {
    const ids = (plan: Plan) => results({}, plan).attacks.map(attack => attack.id)
    expect(ids(planned(['rp-two']))).toEqual(['rp-two'])
    expect(ids(planned(['replay']))).toEqual(['rp-one', 'rp-two'])
    expect(ids(planned(['all'], ['rp-one']))).toEqual(['rp-two'])
    expect(results({}, planned(['no-such-attack'])).exitCode).toBe(4)
  })
})
