import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { armFaults, draws, type FaultRule, faultHoldMs, isDoomed } from '../../../src/contract/fault.ts'
import { drawLatencyUs, latencyTable } from '../../../src/contract/latency.ts'
import { startFaults } from '../../../src/contract/schedule.ts'

const errors = (share: number): FaultRule => ({ id: 'error-rate', share, answer: 'http' })
const hang = (share: number): FaultRule => ({ id: 'hang', share, holdMs: 1_000 })
const TOKENS = 200_000

const armed = (rules: readonly FaultRule[], seed = 1) => armFaults(rules, seed, 'china-mobile', 'loginTokenValidate')

function hits(rules: readonly FaultRule[], seed = 1): number[] {
  const found: number[] = []
  const ready = armed(rules, seed)
  for (let i = 0; i < TOKENS; i++) if (isDoomed(ready, i, 0)) found.push(i)
  return found
}

describe('a fault rule', () => {
  it.each([0.001, 0.02, 0.5, 0.9])('hits its share of tokens: %d', share => {
    // Five standard deviations of a binomial: one wrong alarm in a million, were the tokens not fixed anyway.
    const slack = 5 * Math.sqrt((share * (1 - share)) / TOKENS)
    expect(Math.abs(hits([errors(share)]).length / TOKENS - share)).toBeLessThan(slack)
  })

  it('hits none with share 0 and all with share 1', () => {
    expect(hits([errors(0)])).toHaveLength(0)
    expect(hits([errors(1)])).toHaveLength(TOKENS)
  })

  it('decides the same for a token whatever was asked before', () => {
    const rules = armed([errors(0.2), hang(0.3)], 5)
    const drawn = (token: number) => rules.filter(rule => draws(rule, token, 0)).map(({ rule }) => rule.id)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 50 }), tokens => {
        const forward = tokens.map(drawn)
        const backward = [...tokens].reverse().map(drawn)
        expect(backward.reverse()).toEqual(forward)
      }),
    )
  })

  it('keeps hitting the tokens it hit when its share grows', () => {
    const many = new Set(hits([errors(0.1)]))
    expect(hits([errors(0.05)]).every(token => many.has(token))).toBe(true)
  })

  it('hits other tokens under another seed', () => {
    const one = new Set(hits([errors(0.02)], 1))
    const both = hits([errors(0.02)], 2).filter(token => one.has(token))
    expect(both.length / TOKENS).toBeLessThan(0.001)
  })

  it('says nothing about the latency of the tokens it hits', () => {
    const table = latencyTable({ kind: 'lognormal', medianMs: 80, p99Ms: 400 }, 1)
    const slow = hits([errors(0.1)]).filter(token => drawLatencyUs(table, token, 0) > 80_000)
    expect(Math.abs(slow.length / (TOKENS * 0.1) - 0.5)).toBeLessThan(0.02)
  })
})

describe('several fault rules', () => {
  it('draw each for itself', () => {
    const both = armed([errors(0.3), hang(0.3)])
    let [one, other, together] = [0, 0, 0]
    for (let i = 0; i < TOKENS; i++) {
      const [first, second] = both.map(rule => draws(rule, i, 0))
      if (first) one++
      if (second) other++
      if (first && second) together++
    }
    expect(one).toBe(hits([errors(0.3)]).length)
    expect(Math.abs(other / TOKENS - 0.3)).toBeLessThan(0.01)
    expect(Math.abs(together / TOKENS - 0.09)).toBeLessThan(0.01)
  })

  it('draw the same when another rule comes or goes before them', () => {
    const alone = armed([hang(0.3)])
    const [, behind] = armed([errors(0.3), hang(0.3)])
    for (let i = 0; i < 2_000; i++) expect(draws(behind!, i, 0)).toBe(draws(alone[0]!, i, 0))
  })

  it('of one id draw apart, by their names or their order', () => {
    const [one, other, named] = armed([errors(0.5), errors(0.5), { ...errors(0.5), name: 'second-wave' }])
    const same = (a: typeof one, b: typeof one) => hitsOf(a!).filter((hit, i) => hit === hitsOf(b!)[i]).length / 2_000
    const hitsOf = (rule: NonNullable<typeof one>) => Array.from({ length: 2_000 }, (_, i) => draws(rule, i, 0))
    expect(same(one, other)).toBeLessThan(0.6)
    expect(same(one, named)).toBeLessThan(0.6)
  })

  it('hit nothing when there is no rule', () => {
    expect(isDoomed([], 1, 0)).toBe(false)
  })
})

describe('the scope of a fault rule', () => {
  it('is the providers and operations it names', () => {
    const rule: FaultRule = { ...errors(1), providers: ['china-mobile'], operations: ['tokenValidate'] }
    const doomed = (...where: ['china-mobile' | 'china-unicom', string]) => isDoomed(armFaults([rule], 1, ...where), 3, 0)
    expect(doomed('china-mobile', 'tokenValidate')).toBe(true)
    expect(doomed('china-mobile', 'loginTokenValidate')).toBe(false)
    expect(doomed('china-unicom', 'tokenValidate')).toBe(false)
  })

  it('is the time from fromMs to toMs after the rule was put in force', () => {
    const rules = armed(startFaults([{ ...errors(1), fromMs: 100, toMs: 300 }], 5_000))
    expect([5_099, 5_100, 5_299, 5_300].map(atMs => isDoomed(rules, 1, atMs))).toEqual([false, true, true, false])
  })

  it('ends by itself after ttlMs, and reaches back to tokens issued before', () => {
    const rules = armed(startFaults([{ ...errors(1), ttlMs: 200 }], 5_000))
    expect([0, 5_199, 5_200].map(atMs => isDoomed(rules, 1, atMs))).toEqual([true, true, false])
  })

  it('keeps the moment it was stamped with', () => {
    const once = startFaults([{ ...errors(1), toMs: 10 }, errors(1)], 1_000)
    expect(startFaults(once, 9_000)).toEqual(once)
    expect(once[1]).toEqual(errors(1))
  })
})

it('a throttle dooms nobody for sure unless it lets nothing through', () => {
  const throttle = (ratePerSecond: number): FaultRule => ({ id: 'throttle', share: 1, ratePerSecond })
  expect(isDoomed(armed([throttle(5)]), 1, 0)).toBe(false)
  expect(isDoomed(armed([throttle(0)]), 1, 0)).toBe(true)
})

it('a fault says how much longer it may keep a backend waiting', () => {
  expect(faultHoldMs(hang(1))).toBe(1_000)
  expect(faultHoldMs({ id: 'late-answer', share: 1, lateMs: 7 })).toBe(7)
  expect(faultHoldMs({ id: 'slow-body', share: 1, overMs: 9, chunks: 2 })).toBe(9)
  expect(faultHoldMs(errors(1))).toBe(0)
})
