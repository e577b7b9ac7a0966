import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FINE_LOG_BASE, histogramOf, quantile, quantileError } from '../../../src/contract/histogram.ts'
import { POWER } from '../../../src/contract/series.ts'
import { histogramSince, rootHistogram } from '../../../src/engines/native-histogram.ts'
import type { NativeHistogram } from '../../../src/engines/write-request.ts'

const EMPTY: NativeHistogram = {
  countInt: 0,
  zeroCountInt: 0,
  sum: 0,
  schema: 3,
  zeroThreshold: 2 ** -128,
  negativeSpans: [],
  positiveSpans: [],
  positiveDeltas: [],
  positiveCounts: [],
  timestamp: 0,
}

/** What k6 makes of values: buckets of ratio 2^(1/8) over their 8th powers. */
function nativeOf(values: readonly number[]): NativeHistogram {
  const coarse = histogramOf(
    values.map(v => v ** POWER),
    Math.LN2 / 8,
  )
  let before = 0
  let expected = 0
  const native = {
    ...EMPTY,
    countInt: coarse.count,
    zeroCountInt: coarse.zeroCount,
    positiveSpans: [],
    positiveDeltas: [],
  } as NativeHistogram
  for (const [index, count] of coarse.buckets) {
    native.positiveSpans.push({ offset: index - expected, length: 1 })
    native.positiveDeltas.push(count - before)
    before = count
    expected = index + 1
  }
  return native
}

const ms = fc.double({ min: 0.01, max: 60_000, noNaN: true })

describe('the root of a native histogram', () => {
  it('knows the bucket of one millisecond, whose offset of zero never comes over the wire', () => {
    const root = rootHistogram({ ...nativeOf([1, 1]), positiveSpans: [{ length: 1 }] })
    expect(root.buckets).toEqual([[0, 2]])
    expect(quantile(root, 1)).toBe(1)
  })

  it('has the buckets the values themselves would fall into, but for those on a border', () => {
    fc.assert(
      fc.property(fc.array(ms, { minLength: 1, maxLength: 50 }), values => {
        const root = rootHistogram(nativeOf(values))
        const own = histogramOf(values)
        expect(root.count).toBe(own.count)
        for (const q of [0, 0.5, 0.99]) {
          expect(Math.abs(Math.log(quantile(root, q)! / quantile(own, q)!))).toBeLessThanOrEqual(FINE_LOG_BASE + 1e-9)
        }
      }),
    )
  })

  it('is fine enough for a quantile within 1.1 %', () => {
    const root = rootHistogram(nativeOf([20]))
    expect(root.logBase).toBe(FINE_LOG_BASE)
    expect(quantileError(root)).toBeLessThan(0.011)
    expect(quantile(root, 1)! / 20).toBeCloseTo(1, 1)
  })

  it('spreads spans and deltas, and leaves out the empty buckets that bridge a gap', () => {
    const native = {
      ...EMPTY,
      countInt: 9,
      positiveSpans: [
        { offset: -3, length: 3 },
        { offset: 10, length: 1 },
      ],
      positiveDeltas: [2, -2, 4, -1],
    }
    expect(rootHistogram(native).buckets).toEqual([
      [-3, 2],
      [-1, 4],
      [10, 3],
    ])
  })

  it('takes float counts as they are', () => {
    const { countInt: _i, zeroCountInt: _z, ...rest } = EMPTY
    const native = {
      ...rest,
      countFloat: 3.5,
      zeroCountFloat: 0.5,
      positiveSpans: [{ offset: 1, length: 2 }],
      positiveCounts: [1, 2],
    }
    expect(rootHistogram(native)).toMatchObject({
      count: 3.5,
      zeroCount: 0.5,
      buckets: [
        [1, 1],
        [2, 2],
      ],
    })
  })

  it('does not guess at another resolution or at negative values', () => {
    expect(() => rootHistogram({ ...EMPTY, schema: 2 })).toThrow('schema 2')
    expect(() => rootHistogram({ ...EMPTY, negativeSpans: [{ offset: 0, length: 1 }] })).toThrow('negative')
  })
})

describe('what came to a cumulative histogram', () => {
  it('added to what was there before gives the new one', () => {
    fc.assert(
      fc.property(fc.array(ms), fc.array(ms), (first, second) => {
        const since = histogramSince(histogramOf([...first, ...second]), histogramOf(first))
        expect(since.buckets).toEqual(histogramOf(second).buckets)
        expect(since.count).toBe(second.length)
      }),
    )
  })

  it('is everything when the sender began anew', () => {
    expect(histogramSince(histogramOf([5]), histogramOf([1, 2, 3])).count).toBe(1)
  })
})
