import { describe, expect, it } from 'vitest'
import { type Answer, armsFirst, type ComparedMetric, LOOKS, look } from '../../../src/judge/compare.ts'
import { rngOf } from './rng.ts'

const METRICS: ComparedMetric[] = [
  { id: 'p50', unit: 'ratio', margin: 0.05 },
  { id: 'errors', unit: 'difference', margin: 0.01 },
]

/** Compares until there is an answer; arm B is slower by `change` and each figure is noisy. */
function answerOf(change: number, noise: number, seed: number): Answer {
  const random = rngOf(seed)
  const pairs: { a: Record<string, number>; b: Record<string, number> }[] = []
  for (;;) {
    const figure = (factor: number) => ({
      p50: 100 * factor * Math.exp(noise * random.normal()),
      errors: 0.001 * random.uniform(),
    })
    pairs.push({ a: figure(1), b: figure(1 + change) })
    const found = look(pairs, METRICS)
    if (found !== undefined) return found.answer
    if (pairs.length > 16) throw new Error('never decided')
  }
}

function counts(change: number, noise: number, trials = 300): Record<Answer, number> {
  const found: Record<Answer, number> = { same: 0, worse: 0, unsure: 0 }
  for (let seed = 1; seed <= trials; seed++) found[answerOf(change, noise, seed)]++
  return found
}

describe('a comparison in pairs', () => {
  it('passes what did not change and catches what did, on a quiet machine', () => {
    expect(counts(0, 0.015)).toMatchObject({ worse: 0, same: expect.toSatisfy((n: number) => n > 280) })
    expect(counts(0.12, 0.015)).toMatchObject({ same: 0, worse: expect.toSatisfy((n: number) => n > 280) })
  })

  it('on a noisy machine says that it cannot tell, and not that it is worse', () => {
    const noisy = counts(0, 0.1)
    expect(noisy.worse).toBeLessThan(6)
    expect(noisy.unsure).toBeGreaterThan(200)
  })

  it('is worse when one of the metrics is', () => {
    const pairs = Array.from({ length: 8 }, (_, i) => ({
      a: { p50: 100, errors: 0 },
      b: { p50: 100 + i / 100, errors: 0.02 + i / 1000 },
    }))
    expect(look(pairs, METRICS)).toMatchObject({ answer: 'worse', metrics: [{ answer: 'same' }, { answer: 'worse' }] })
  })

  it('is never the same when a figure is missing', () => {
    const pairs = Array.from({ length: 16 }, () => ({ a: { p50: 100 }, b: { p50: 100 } }))
    expect(look(pairs, METRICS)?.answer).toBe('unsure')
  })

  it('looks at 8, 12 and 16 pairs only, and begins as often with either arm', () => {
    expect(LOOKS.reduce((sum, one) => sum + one.alpha, 0)).toBeCloseTo(0.05)
    expect(look([{ a: { p50: 1, errors: 0 }, b: { p50: 9, errors: 0 } }], METRICS)).toBeUndefined()
    expect([0, 1, 2, 3].map(armsFirst).join('')).toBe('abba')
  })
})
