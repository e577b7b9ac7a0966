import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  emptyHistogram,
  FINE_LOG_BASE,
  histogramOf,
  mergeHistograms,
  quantile,
  quantileError,
} from '../../../src/contract/histogram.ts'

const milliseconds = fc.double({ min: 1e-3, max: 1e6, noNaN: true })
const shares = fc.double({ min: 0, max: 1, noNaN: true })

/** The value of the q-quantile by sorting: the smallest value with at least q of all values at or below it. */
function exactQuantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!
}

describe('a quantile read from a histogram', () => {
  it('is within one bucket of the one found by sorting', () => {
    fc.assert(
      fc.property(fc.array(milliseconds, { minLength: 1, maxLength: 300 }), shares, (values, q) => {
        const read = quantile(histogramOf(values), q)!
        const ratio = read / exactQuantile(values, q)
        const width = Math.exp(FINE_LOG_BASE * (1 + 1e-6))
        expect(ratio).toBeLessThanOrEqual(width)
        expect(ratio).toBeGreaterThanOrEqual(1 / width)
      }),
      { numRuns: 1_000 },
    )
  })

  it('stays with the lower value when the rank falls on the border of two far buckets', () => {
    expect(quantile(histogramOf([1, 1_000]), 0.5)).toBeCloseTo(1, 9)
    expect(quantile(histogramOf([1, 10, 100, 1_000]), 0.75)).toBeLessThanOrEqual(100 * 1.011)
  })

  it('is within a percent or so at the usual percentiles of a smooth distribution', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => 5 + i / 100)
    for (const q of [0.5, 0.9, 0.95, 0.99, 0.999]) {
      expect(Math.abs(quantile(histogramOf(values), q)! / exactQuantile(values, q) - 1)).toBeLessThan(0.0055)
    }
  })

  it('never falls as q rises', () => {
    fc.assert(
      fc.property(fc.array(milliseconds, { minLength: 1, maxLength: 100 }), shares, shares, (values, a, b) => {
        const histogram = histogramOf(values)
        expect(quantile(histogram, Math.min(a, b))!).toBeLessThanOrEqual(quantile(histogram, Math.max(a, b))!)
      }),
    )
  })

  it('is undefined without samples, never 0', () => {
    expect(quantile(emptyHistogram(), 0.99)).toBeUndefined()
    expect(quantile(histogramOf([]), 0.5)).toBeUndefined()
    expect(quantile(mergeHistograms([]), 0.5)).toBeUndefined()
  })

  it('counts values at or below zero as 0', () => {
    const histogram = histogramOf([-3, 0, 0, 10])
    expect(histogram.zeroCount).toBe(3)
    expect(quantile(histogram, 0.75)).toBe(0)
    expect(quantile(histogram, 0.9)).toBeGreaterThan(9.8)
  })

  it('knows its own error: the width of a bucket', () => {
    expect(quantileError(histogramOf([1]))).toBeCloseTo(2 ** (1 / 64) - 1, 12)
    expect(quantileError(histogramOf([1], Math.LN2))).toBeCloseTo(1, 12)
  })
})

describe('a bucket', () => {
  it('holds the values above its lower bound up to and with its upper bound', () => {
    // Base 2: bucket 3 is (4, 8].
    expect(histogramOf([4.001, 8], Math.LN2).buckets).toEqual([[3, 2]])
    expect(histogramOf([4, 8.001], Math.LN2).buckets).toEqual([
      [2, 1],
      [4, 1],
    ])
  })
})

describe('merging histograms', () => {
  it('gives the histogram of all values together', () => {
    fc.assert(
      fc.property(fc.array(fc.array(milliseconds, { maxLength: 40 }), { maxLength: 6 }), parts => {
        const merged = mergeHistograms(parts.map(values => histogramOf(values)))
        const whole = histogramOf(parts.flat())
        expect(merged.buckets).toEqual(whole.buckets)
        expect(merged.count).toBe(whole.count)
        expect(merged.zeroCount).toBe(whole.zeroCount)
        expect(merged.sum).toBeCloseTo(whole.sum!, 3)
      }),
    )
  })

  it('does not matter by order, and leaves its parts as they were', () => {
    const [a, b] = [histogramOf([1, 2, 300]), histogramOf([2, 50])]
    const before = structuredClone([a, b])
    expect(mergeHistograms([a, b])).toEqual(mergeHistograms([b, a]))
    expect([a, b]).toEqual(before)
  })

  it('keeps buckets ascending, also below one', () => {
    const merged = mergeHistograms([histogramOf([1_000, 0.01]), histogramOf([1, 0.5])])
    const order = merged.buckets.map(([index]) => index)
    expect(order).toEqual([...order].sort((a, b) => a - b))
  })

  it('refuses different resolutions', () => {
    expect(() => mergeHistograms([histogramOf([1]), histogramOf([1], Math.LN2)])).toThrow('do not add up')
  })

  it('knows the sum only when every part that has samples knows its own', () => {
    const { sum: _unknown, ...withoutSum } = histogramOf([5])
    expect(mergeHistograms([histogramOf([1]), withoutSum]).sum).toBeUndefined()
    expect(mergeHistograms([histogramOf([1]), emptyHistogram()]).sum).toBe(1)
  })
})
