import { emptyHistogram, FINE_LOG_BASE, type Histogram } from '../contract/histogram.ts'
import { POWER } from '../contract/series.ts'
import type { NativeHistogram } from './write-request.ts'

/** Prometheus schema n has bucket ratio 2^(2^-n); k6 always sends 3. */
const K6_SCHEMA = 3

/**
 * A native histogram of 8th powers as a histogram of the values themselves. Bucket i of both holds (base^(i-1), base^i], so the
 * root only changes the base: the indices stay. The sum is one of 8th powers and says nothing about the values, so it is left out.
 * Throws on a schema other than k6's, and on values below zero, which an even power cannot have.
 */
export function rootHistogram(native: NativeHistogram): Histogram {
  if (native.schema !== K6_SCHEMA) throw new Error(`native histogram schema ${native.schema}, expected ${K6_SCHEMA}`)
  if (native.negativeSpans.some(({ length = 0 }) => length > 0)) throw new Error('native histogram with negative values')
  const buckets: [number, number][] = []
  let index = 0
  let position = 0
  let running = 0
  for (const { offset = 0, length = 0 } of native.positiveSpans) {
    index += offset
    for (let i = 0; i < length; i++, index++, position++) {
      running += native.positiveDeltas[position] ?? 0
      const count = native.positiveCounts[position] ?? running
      // Spans may bridge short gaps with empty buckets.
      if (count > 0) buckets.push([index, count])
    }
  }
  return {
    logBase: (Math.LN2 * 2 ** -native.schema) / POWER,
    buckets,
    zeroCount: native.zeroCountInt ?? native.zeroCountFloat ?? 0,
    count: native.countInt ?? native.countFloat ?? 0,
  }
}

/**
 * What came to a cumulative histogram since `before`. A count that went down means the sender began anew: then all of `now` is new.
 */
export function histogramSince(now: Histogram, before: Histogram = emptyHistogram(FINE_LOG_BASE)): Histogram {
  if (now.count < before.count) return now
  const old = new Map(before.buckets)
  const buckets = now.buckets
    .map(([index, count]): [number, number] => [index, count - (old.get(index) ?? 0)])
    .filter(([, count]) => count > 0)
  return { logBase: now.logBase, buckets, zeroCount: now.zeroCount - before.zeroCount, count: now.count - before.count }
}
