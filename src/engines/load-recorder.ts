import type { SeriesName, SeriesSecond, SeriesTotal } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import { type Histogram, mergeHistograms } from '../contract/histogram.ts'
import { HistogramBuilder } from './histogram-builder.ts'

interface Cell {
  second: number
  series: SeriesName
  outcome: StepOutcome
  builder: HistogramBuilder
}

/** Keeps what an engine inside this process measures: one histogram per second, series and outcome. */
export class LoadRecorder {
  attempted = 0
  completed = 0
  transport = 0
  threw = 0
  failed = 0
  /** Requests that ended, with a reply or without. */
  requests = 0
  private readonly cells = new Map<string, Cell>()

  /** `second` counts from the start of the measured part. */
  record(second: number, series: SeriesName, outcome: StepOutcome, ms: number): void {
    if (outcome === 'failed') this.failed++
    if (series !== 'backend_added') this.requests++
    const key = `${second} ${series} ${outcome}`
    let cell = this.cells.get(key)
    if (cell === undefined) {
      cell = { second, series, outcome, builder: new HistogramBuilder() }
      this.cells.set(key, cell)
    }
    cell.builder.add(ms)
  }

  /** One series and outcome of one second; undefined when nothing was recorded. */
  at(second: number, series: SeriesName, outcome: StepOutcome): Histogram | undefined {
    return this.cells.get(`${second} ${series} ${outcome}`)?.builder.build()
  }

  seconds(): SeriesSecond[] {
    return [...this.cells.values()]
      .map(({ builder, ...slice }) => ({ ...slice, histogram: builder.build() }))
      .sort((a, b) => a.second - b.second)
  }

  totals(): SeriesTotal[] {
    const groups = Map.groupBy(this.seconds(), slice => `${slice.series} ${slice.outcome}`)
    return [...groups.values()].flatMap(slices => {
      const first = slices[0]
      if (first === undefined) return []
      const histogram = mergeHistograms(slices.map(slice => slice.histogram))
      return [{ series: first.series, outcome: first.outcome, count: histogram.count, histogram }]
    })
  }
}
