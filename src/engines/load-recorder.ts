import type { SeriesName, SeriesSecond, SeriesTotal } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import type { Histogram } from '../contract/histogram.ts'
import { isTargetSeries } from '../contract/series.ts'
import type { ExactSamples } from './exact-samples.ts'
import { HistogramBuilder } from './histogram-builder.ts'
import { totalsOf } from './series-totals.ts'

interface Cell {
  second: number
  series: SeriesName
  outcome: StepOutcome
  builder: HistogramBuilder
}

/** So many visits are named; of more it is known how many they were. */
export const MOST_NAMED = 10_000

/** Keeps what an engine of ours measures: one histogram per second, series and outcome. */
export class LoadRecorder {
  attempted = 0
  completed = 0
  transport = 0
  threw = 0
  failed = 0
  /** Requests that ended, with a reply or without. */
  requests = 0
  /** Numbers, from 0, of measured visits that ended without their login being granted; the first MOST_NAMED of them. */
  readonly notGranted: number[] = []
  private readonly cells = new Map<string, Cell>()
  private readonly changed = new Set<Cell>()
  private readonly exact: ExactSamples | undefined

  /** `exact`: keeps the values themselves as well. */
  constructor(exact?: ExactSamples) {
    this.exact = exact
  }

  /** `second` counts from the start of the measured part. */
  record(second: number, series: SeriesName, outcome: StepOutcome, ms: number): void {
    if (outcome === 'failed') this.failed++
    if (isTargetSeries(series)) this.requests++
    const key = `${second} ${series} ${outcome}`
    let cell = this.cells.get(key)
    if (cell === undefined) {
      cell = { second, series, outcome, builder: new HistogramBuilder() }
      this.cells.set(key, cell)
    }
    cell.builder.add(ms)
    this.changed.add(cell)
    this.exact?.add(`${series} ${outcome}`, ms)
  }

  /** A measured visit is over. */
  end(visit: number, letIn: boolean): void {
    this.completed++
    if (!letIn && this.notGranted.length < MOST_NAMED) this.notGranted.push(visit)
  }

  /** One series and outcome of one second; undefined when nothing was recorded. */
  at(second: number, series: SeriesName, outcome: StepOutcome): Histogram | undefined {
    return this.cells.get(`${second} ${series} ${outcome}`)?.builder.build()
  }

  /** What changed since this was asked last, each slice whole. */
  drain(): SeriesSecond[] {
    const slices = [...this.changed].map(sliceOf)
    this.changed.clear()
    return slices
  }

  seconds(): SeriesSecond[] {
    return [...this.cells.values()].map(sliceOf).sort((a, b) => a.second - b.second)
  }

  totals(): SeriesTotal[] {
    return totalsOf(this.seconds())
  }
}

function sliceOf({ builder, ...slice }: Cell): SeriesSecond {
  return { ...slice, histogram: builder.build() }
}
