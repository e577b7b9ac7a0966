import type { LoadEvidence, SeriesName, SeriesTotal } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import { quantile, quantileError } from '../contract/histogram.ts'
import type { LatencyMetric } from '../contract/plan.ts'
import type { OperationId } from '../contract/target.ts'

export type Stat = 'min' | 'max' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999'

/** A figure with how far it may be from the truth: the true value lies within [value / (1 + error), value × (1 + error)]. */
export interface Figure {
  /** Milliseconds. */
  value: number
  /** Relative; 0 = exact. */
  error: number
}

const QUANTILES: Record<Stat, number> = { min: 0, max: 1, p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }

/** The engine's own exact figure where it gave one, else the merged histogram's; undefined without samples: a missing figure is never 0. */
export function figureOf(total: SeriesTotal, stat: Stat): Figure | undefined {
  if (total.count === 0) return undefined
  const exact = total.exact?.[stat]
  if (exact !== undefined && Number.isFinite(exact)) return { value: exact, error: 0 }
  const value = quantile(total.histogram, QUANTILES[stat])
  return value === undefined ? undefined : { value, error: quantileError(total.histogram) }
}

/**
 * Samples a quantile needs before it may be gated: 10 beyond it on its far side, 10 / (1 - q). With fewer, the order statistic
 * that stands for p99 wanders over whole percentiles. `max` asks for none: it is what it is.
 */
export function samplesFor(stat: Stat): number {
  const q = QUANTILES[stat]
  return q === 0 || q === 1 ? 1 : Math.ceil(10 / (1 - q) - 1e-6)
}

/** The series a budget's metric is read from. Only granted steps count: a quick refusal must not improve a login's percentile. */
export function seriesOf(metric: LatencyMetric, load: Pick<LoadEvidence, 'logins'> | undefined): SeriesName {
  return metric === 'login' ? loginsOf(load)[0] : metric
}

/** The operations that are logins in this load, the judged one first. */
export function loginsOf(load: Pick<LoadEvidence, 'logins'> | undefined): readonly [OperationId, ...OperationId[]] {
  const [first = 'oneTap', ...others] = load?.logins ?? []
  return [first, ...others]
}

/** Logins of all kinds that ended so. */
export function loginCount(load: LoadEvidence, outcome: StepOutcome): number {
  return loginsOf(load).reduce((sum, series) => sum + countOf(load, series, outcome), 0)
}

/** Operations that spend a carrier's token. */
const CARRIER_OPERATIONS: readonly OperationId[] = ['oneTap', 'verifyNumber']

/** Requests granted that cannot have been without a call to a carrier each. */
export function carrierGranted(load: LoadEvidence): number {
  return CARRIER_OPERATIONS.reduce((sum, series) => sum + countOf(load, series, 'granted'), 0)
}

export function totalOf(load: LoadEvidence, series: SeriesName, outcome: StepOutcome): SeriesTotal | undefined {
  return load.totals.find(total => total.series === series && total.outcome === outcome)
}

export function countOf(load: LoadEvidence, series: SeriesName, outcome: StepOutcome): number {
  return totalOf(load, series, outcome)?.count ?? 0
}
