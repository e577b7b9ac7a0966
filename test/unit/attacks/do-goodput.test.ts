import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-goodput.ts'
import { expectFail } from './observed.ts'

const stage = (forgedForOne: number, gotIn = 8) => ({ forgedForOne, honest: 8, gotIn, slowestMs: 30, exchanges: [5] })
const failing = { limit: 50, sent: 80, calls: [1, 2, 3], overMs: 300, leftAlone: true, exchanges: [6], recovered: true }
const flood = { perSecond: 100, sent: 500, calls: Array.from({ length: 120 }, (_, i) => i), overMs: 900, lastExchanges: [7] }
const seen = { stages: [stage(0), stage(1), stage(20)], recovered: true, flood, failing }

describe('do-goodput', () => {
  it('fails when half of the honest users are shut out by a flood', () => {
    expectFail(attack.judge({ ...seen, stages: [stage(0), stage(1), stage(20, 4)] }), 'lock-out')
  })

  it('fails when a carrier that fails is asked again and again', () => {
    const calls = Array.from({ length: 250 }, (_, i) => i)
    expectFail(attack.judge({ ...seen, failing: { ...failing, sent: 250, calls, leftAlone: false } }), 'carrier-call')
  })

  it('fails when more carrier calls are made than the target declares', () => {
    const calls = Array.from({ length: 500 }, (_, i) => i)
    expectFail(attack.judge({ ...seen, flood: { ...flood, calls } }), 'carrier-call')
  })

  it('passes when all honest users came in and carriers were spared, whatever was not declared', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    expect(attack.judge({ ...seen, flood: null, failing: null }).outcome).toBe('pass')
  })

  it.each([
    ['honest logins failed without a flood', { ...seen, stages: [stage(0, 7), stage(1)] }],
    ['one honest login of many failed', { ...seen, stages: [stage(0), stage(1, 7)] }],
    ['failures came too slowly for a breaker', { ...seen, failing: { ...failing, leftAlone: false, overMs: 60_000 } }],
    ['the flood took too long to pass any budget', { ...seen, flood: { ...flood, overMs: 9_000 } }],
    ['nobody came in afterwards', { ...seen, recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
