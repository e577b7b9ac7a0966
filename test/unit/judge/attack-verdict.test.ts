import { describe, expect, it } from 'vitest'
import type { Attack, AttackEvidence, Judgement } from '../../../src/contract/attack.ts'
import { attackVerdict } from '../../../src/judge/attack-verdict.ts'

const proof = { kind: 'credential' as const, text: 'It works.', exchanges: [3], journal: [] }
const failing: Judgement = { outcome: 'fail', claim: 'It got in.', proof }
const passing: Judgement = { outcome: 'pass', claim: 'It was refused.' }

function attackThat(judge: () => Judgement): Attack {
  const meta: Attack['meta'] = {
    id: 'x',
    family: 'replay',
    title: 'X',
    about: '',
    severity: 'high',
    cwe: [],
    asvs: [],
    api2023: [],
    has: '',
    needs: [],
    notices: [],
  }
  return { meta, observe: async () => null, judge }
}

function evidence(more: Partial<AttackEvidence> = {}): AttackEvidence {
  const control = { before: null, after: null }
  return {
    attackId: 'x',
    control,
    status: 'observed',
    observation: {},
    transcript: [],
    journal: [],
    durationMs: 1,
    requests: 1,
    ...more,
  }
}

const verdictOf = (judgement: Judgement, more: Partial<AttackEvidence> = {}) =>
  attackVerdict(
    attackThat(() => judgement),
    evidence(more),
  )

describe('the verdict on an attack', () => {
  it.each([passing, failing])('is what the attack judges when both controls held ($outcome)', judgement => {
    expect(verdictOf(judgement)).toMatchObject({ outcome: judgement.outcome, claim: judgement.claim })
  })

  it('is an error when the harness failed', () => {
    expect(verdictOf(passing, { status: 'error', reason: 'No mocks.' })).toEqual({
      outcome: 'error',
      claim: 'No mocks.',
      judgement: null,
    })
  })

  it('is not-applicable when there was nothing to attack', () => {
    expect(verdictOf(passing, { status: 'not-applicable', reason: 'no JWT' }).outcome).toBe('not-applicable')
  })

  it('is inconclusive whatever was seen when the control before did not hold', () => {
    const control = { before: 'refused', after: null }
    expect(verdictOf(passing, { control }).outcome).toBe('inconclusive')
    expect(verdictOf(failing, { control }).outcome).toBe('inconclusive')
  })

  it('is inconclusive when the target cut the attack short', () => {
    expect(verdictOf(passing, { observation: null, reason: 'the target gave no nonce' }).outcome).toBe('inconclusive')
  })

  it('never passes when the control after did not hold', () => {
    expect(verdictOf(passing, { control: { before: null, after: 'no reply' } }).outcome).toBe('inconclusive')
  })

  it('keeps a proof in hand when the control after did not hold, and says so', () => {
    const { outcome, claim } = verdictOf(failing, { control: { before: null, after: 'no reply' } })
    expect(outcome).toBe('fail')
    expect(claim).toContain('no reply')
  })

  it('drops a lock-out when honest users are locked out as well', () => {
    const lockOut: Judgement = { ...failing, proof: { ...proof, kind: 'lock-out' } }
    expect(verdictOf(lockOut, { control: { before: null, after: 'refused' } }).outcome).toBe('inconclusive')
  })

  it('is an error when an attack claims success without proof', () => {
    expect(verdictOf({ outcome: 'fail', claim: 'Trust me.' }).outcome).toBe('error')
  })

  it('is an error when the saved observation cannot be judged', () => {
    const attack = attackThat(() => {
      throw new TypeError('not that shape')
    })
    expect(attackVerdict(attack, evidence()).outcome).toBe('error')
  })
})
