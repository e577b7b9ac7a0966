import { Counter, Gauge, Trend } from 'k6/metrics'
import type { SeriesName } from '../../src/contract/engine.ts'
import { STEP_OUTCOMES, type StepOutcome } from '../../src/contract/flow.ts'
import { COUNTERS, STARTED_AT, seriesMetric } from '../../src/contract/series.ts'

export const attempted = new Counter(COUNTERS.attempted)
export const completed = new Counter(COUNTERS.completed)
export const transport = new Counter(COUNTERS.transport)
export const threw = new Counter(COUNTERS.threw)
export const startedAt = new Gauge(STARTED_AT)

export type SeriesTrends = Record<StepOutcome, Trend>

/** The Trends of one series, one per outcome. Not a time metric: k6 would divide it by 1000 on the way out. */
export function seriesTrends(series: SeriesName): SeriesTrends {
  const trend = (outcome: StepOutcome): readonly [StepOutcome, Trend] => [
    outcome,
    new Trend(seriesMetric(series, outcome), false),
  ]
  return Object.fromEntries(STEP_OUTCOMES.map(trend)) as SeriesTrends
}

/**
 * Records a duration as the 8th power of its milliseconds (see POWER). A duration of zero or less lands in the histogram's zero
 * bucket, which counts it as "not above zero": the backend cannot have added less than nothing.
 */
export function recordMs(trend: Trend, ms: number): void {
  const floor = Math.max(ms, 0)
  const second = floor * floor
  const fourth = second * second
  trend.add(fourth * fourth)
}
