import type { LoadSecondFigures, SeriesName } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import { type Histogram, mergeHistograms, quantile } from '../contract/histogram.ts'
import { isTargetSeries } from '../contract/series.ts'

/** Gathers what a status line shows of the last second, out of whatever slices an engine has. */
export function secondFigures(
  slices: Iterable<{ series: SeriesName; outcome: StepOutcome; histogram: Histogram }>,
  logins: readonly SeriesName[],
): LoadSecondFigures {
  const granted: Histogram[] = []
  const added: Histogram[] = []
  const errors: LoadSecondFigures['errors'] = { refused: 0, failed: 0, carrierFailed: 0 }
  for (const { series, outcome, histogram } of slices) {
    if (series === 'backend_added') added.push(histogram)
    else if (outcome === 'granted' && logins.includes(series)) granted.push(histogram)
    if (!isTargetSeries(series)) continue
    if (outcome === 'refused') errors.refused += histogram.count
    if (outcome === 'failed') errors.failed += histogram.count
    if (outcome === 'carrier-failed') errors.carrierFailed += histogram.count
  }
  const [login, backend] = [mergeHistograms(granted), mergeHistograms(added)]
  const at = (histogram: Histogram, q: number): number | null => quantile(histogram, q) ?? null
  return { p50Ms: at(login, 0.5), p99Ms: at(login, 0.99), addedP50Ms: at(backend, 0.5), addedP99Ms: at(backend, 0.99), errors }
}
