import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FaultRule, faultFor } from '../../../src/contract/fault.ts'
import { drawLatencyUs, latencyTable } from '../../../src/contract/latency.ts'

const errors = (share: number): FaultRule => ({ id: 'error-rate', share, answer: 'http' })
const hang = (share: number): FaultRule => ({ id: 'hang', share, holdMs: 1_000 })
const TOKENS = 200_000

function hits(rules: readonly FaultRule[], seed = 1): number[] {
  const found: number[] = []
  for (let i = 0; i < TOKENS; i++) if (faultFor(rules, seed, i) !== undefined) found.push(i)
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
    const rules = [errors(0.2), hang(0.3)]
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 50 }), tokens => {
        const forward = tokens.map(token => faultFor(rules, 5, token)?.id)
        const backward = [...tokens].reverse().map(token => faultFor(rules, 5, token)?.id)
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
    const slow = hits([errors(0.1)]).filter(token => drawLatencyUs(table, token) > 80_000)
    expect(Math.abs(slow.length / (TOKENS * 0.1) - 0.5)).toBeLessThan(0.02)
  })
})

describe('several fault rules', () => {
  it('draw each for itself, and the first in the list wins', () => {
    const both = [errors(0.3), hang(0.3)]
    let [first, second] = [0, 0]
    for (let i = 0; i < TOKENS; i++) {
      const rule = faultFor(both, 1, i)
      if (rule === both[0]) first++
      if (rule === both[1]) second++
    }
    expect(first / TOKENS).toBeCloseTo(0.3, 1)
    expect(first).toBe(hits([errors(0.3)]).length)
    // Independent draws: of the 70 % the first rule left, the second takes 30 %.
    expect(Math.abs(second / TOKENS - 0.21)).toBeLessThan(0.01)
  })

  it('hit nothing when there is no rule', () => {
    expect(faultFor([], 1, 0)).toBeUndefined()
  })
})
