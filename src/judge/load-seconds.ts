import type { LoadEvidence, SeriesName } from '../contract/engine.ts'
import { STEP_OUTCOMES, type StepOutcome } from '../contract/flow.ts'
import { type Histogram, mergeHistograms } from '../contract/histogram.ts'
import { loginsOf } from './figure.ts'

/** A span of whole seconds of a load: from the first, before the last. */
export interface Span {
  from: number
  to: number
}

/** What a load did in a span of its seconds. */
export interface LoadSeconds {
  /** Logins of all kinds that ended so. */
  logins(outcome: StepOutcome, span: Span): number
  /** One series over its outcomes, or one outcome of it. */
  histogram(series: readonly SeriesName[], outcomes: readonly StepOutcome[], span: Span): Histogram
}

export function loadSeconds(load: LoadEvidence): LoadSeconds {
  const logins: readonly SeriesName[] = loginsOf(load)
  const histogram: LoadSeconds['histogram'] = (series, outcomes, { from, to }) =>
    mergeHistograms(
      load.seconds
        .filter(one => one.second >= from && one.second < to && series.includes(one.series) && outcomes.includes(one.outcome))
        .map(one => one.histogram),
    )
  return { histogram, logins: (outcome, span) => histogram(logins, [outcome], span).count }
}

export const ALL_OUTCOMES = STEP_OUTCOMES
