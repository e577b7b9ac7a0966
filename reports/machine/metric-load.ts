import type { Histogram } from '../../src/contract/histogram.ts'
import type { LoadResult, SeriesSummary } from '../../src/contract/result.ts'
import type { Family, Sample } from './metric-family.ts'

const QUANTILES = [
  ['0.5', 'p50Ms'],
  ['0.9', 'p90Ms'],
  ['0.95', 'p95Ms'],
  ['0.99', 'p99Ms'],
  ['0.999', 'p999Ms'],
] as const

export function loadFamilies(load: LoadResult): Family[] {
  const seen = load.summaries.filter(one => one.count > 0)
  const one = (name: string, help: string, value: number | null): Family => ({
    name,
    type: 'gauge',
    help,
    samples: value === null ? [] : [{ labels: {}, value }],
  })
  return [
    one('onetap_offered_per_second', 'Visits offered a second; absent in a closed model.', load.offeredPerSecond),
    one('onetap_achieved_per_second', 'Visits that came to their end a second.', load.achievedPerSecond),
    one('onetap_dropped', 'Visits that were due and not begun.', load.dropped),
    one('onetap_transport_errors', 'Requests without any reply.', load.transportErrors),
    one('onetap_carrier_calls', 'Calls that reached the mock carriers.', load.carrier?.calls ?? null),
    {
      name: 'onetap_step_latency_seconds',
      type: 'gauge',
      unit: 'seconds',
      help: 'Quantile of the time of a step, over the measured part.',
      samples: seen.flatMap(summary =>
        QUANTILES.flatMap(([quantile, key]) => {
          const ms = summary[key]
          return ms === null ? [] : [{ labels: { ...labelsOf(summary), quantile }, value: ms / 1000 }]
        }),
      ),
    },
    {
      name: 'onetap_step_duration_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'Time of a step, over the measured part.',
      samples: seen.flatMap(summary => histogramSamples(labelsOf(summary), summary.histogram)),
    },
  ]
}

function labelsOf({ series, outcome }: SeriesSummary): Record<string, string> {
  return { series, outcome }
}

/** Ours have 64 buckets a doubling; one bound in 32 is kept, which is a boundary of ours, so the counts stay exact. */
const KEPT_STEP = 32

function histogramSamples(labels: Readonly<Record<string, string>>, histogram: Histogram): Sample[] {
  const last = histogram.buckets.at(-1)?.[0] ?? 0
  const first = histogram.buckets[0]?.[0] ?? 0
  const bounds: Sample[] = []
  let next = 0
  let below = histogram.zeroCount
  for (let bound = Math.floor(first / KEPT_STEP) * KEPT_STEP; bound < last + KEPT_STEP; bound += KEPT_STEP) {
    for (; next < histogram.buckets.length; next++) {
      const [index, count] = histogram.buckets[next] ?? [Number.POSITIVE_INFINITY, 0]
      if (index > bound) break
      below += count
    }
    const seconds = Math.exp(histogram.logBase * bound) / 1000
    bounds.push({ suffix: '_bucket', labels: { ...labels, le: String(Number(seconds.toPrecision(6))) }, value: below })
  }
  // backend_added may be negative where a clock or a carrier was off; a histogram with negative samples has no sum.
  const sum = histogram.zeroCount > 0 ? undefined : histogram.sum
  return [
    ...bounds,
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: histogram.count },
    ...(sum === undefined
      ? []
      : [
          { suffix: '_count', labels, value: histogram.count },
          { suffix: '_sum', labels, value: sum / 1000 },
        ]),
  ]
}
