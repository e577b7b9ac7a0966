import { MEASURED } from '../../../src/contract/series.ts'

/** Pushes as k6 writes them, for tests. Buckets are given as [index, count] of the native histogram. */
export function histogramSeries(metric: string, buckets: readonly (readonly [number, number])[], zeroCount = 0): object {
  const spans: { offset: number; length: number }[] = []
  const deltas: number[] = []
  let expected = 0
  let before = 0
  for (const [index, count] of buckets) {
    const last = spans.at(-1)
    if (last !== undefined && index === expected) last.length++
    else spans.push({ offset: index - expected, length: 1 })
    expected = index + 1
    deltas.push(count - before)
    before = count
  }
  const count = zeroCount + buckets.reduce((sum, [, n]) => sum + n, 0)
  const native = { countInt: count, zeroCountInt: zeroCount, sum: 0, schema: 3, positiveSpans: spans, positiveDeltas: deltas }
  return { labels: labels(metric), histograms: [native] }
}

export function counterSeries(metric: string, value: number, scenario = MEASURED): object {
  return { labels: labels(metric, scenario), samples: [{ value, timestamp: 1 }] }
}

function labels(metric: string, scenario = MEASURED): object[] {
  return [
    { name: '__name__', value: `k6_${metric}` },
    { name: 'scenario', value: scenario },
  ]
}
