import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-attack-cost.ts'
import { expectFail } from './observed.ts'

const cost = {
  kind: 'invented token, own nonce' as const,
  requests: 3,
  granted: 0,
  calls: [1, 2, 3],
  billed: 0,
  messages: 0,
  workMs: 20,
  cpuMs: 1.5,
  exchanges: [4, 5, 6],
}
const bare = { ...cost, kind: 'invented token, no nonce' as const, calls: [] }
const calm = { enemyShare: 0, sent: 40, granted: 40, tookMs: 2000, p50Ms: 30, p99Ms: 60 }
const base = {
  costs: [cost, bare],
  levels: [calm, { ...calm, enemyShare: 0.9, granted: 10, p99Ms: 200 }],
  victim: { tries: 10, before: true, after: true, lockedForMs: 0 },
}

describe('do-attack-cost', () => {
  it('passes when no forged request cost more than it must, and gives what it cost and what honest users felt', () => {
    const { outcome, figures } = attack.judge(base)
    expect(outcome).toBe('pass')
    expect(figures).toMatchObject({
      kind: 'attack-cost',
      cost: {
        perForged: [{ requests: 3, carrierCalls: 3, workMs: 20, cpuMs: 1.5 }, { carrierCalls: 0 }],
        honest: [{ goodputPerSecond: 20 }, { goodputPerSecond: 5, p99Ms: 200 }],
        victim: { state: 'none' },
      },
    })
  })

  it('fails when forged requests with a nonce of their own cost more than one call each', () => {
    expectFail(attack.judge({ ...base, costs: [{ ...cost, calls: [1, 2, 3, 4] }, bare] }), 'carrier-call')
  })

  it('fails on one call for a request without a nonce of its own', () => {
    expectFail(attack.judge({ ...base, costs: [cost, { ...bare, calls: [9] }] }), 'carrier-call')
  })

  it.each([
    ['honest logins did not succeed without enemies either', { ...base, levels: [{ ...calm, granted: 20 }] }],
    ['forged requests were granted', { ...base, costs: [{ ...cost, granted: 1 }] }],
    ['a victim stayed shut out', { ...base, victim: { tries: 10, before: true, after: false, lockedForMs: null } }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
