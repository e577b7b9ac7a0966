import type { SeriesSecond, SeriesTotal } from '../contract/engine.ts'
import { mergeHistograms } from '../contract/histogram.ts'

/** The slices of all seconds added up, by series and outcome. */
export function totalsOf(slices: readonly SeriesSecond[]): SeriesTotal[] {
  return grouped(slices, slice => `${slice.series} ${slice.outcome}`).map(({ series, outcome, histogram }) => ({
    series,
    outcome,
    count: histogram.count,
    histogram,
  }))
}

/** Slices of several generators as those of one, by second. */
export function mergedSeconds(slices: readonly SeriesSecond[]): SeriesSecond[] {
  return grouped(slices, slice => `${slice.second} ${slice.series} ${slice.outcome}`).sort((a, b) => a.second - b.second)
}

function grouped(slices: readonly SeriesSecond[], key: (slice: SeriesSecond) => string): SeriesSecond[] {
  return [...Map.groupBy(slices, key).values()].flatMap(group => {
    const first = group[0]
    return first === undefined ? [] : [{ ...first, histogram: mergeHistograms(group.map(slice => slice.histogram)) }]
  })
}
