import type { SeriesName, SeriesSecond } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import { emptyHistogram, type Histogram, mergeHistograms } from '../contract/histogram.ts'
import { COUNTERS, type CounterName, MEASURED, STARTED_AT, seriesOfMetric } from '../contract/series.ts'
import { histogramSince, rootHistogram } from './native-histogram.ts'
import type { TimeSeries, WriteRequest } from './write-request.ts'

/** What one push added. */
export interface LiveStep {
  counters: Record<CounterName, number>
  /** Visits begun, warm-up included. */
  iterations: number
  /** Measured visits that found no free user. */
  dropped: number
  histograms: ReadonlyMap<string, Slice>
}

/** Samples of one series and outcome. */
interface Slice {
  series: SeriesName
  outcome: StepOutcome
  histogram: Histogram
}

/** How often k6 pushes: often enough that a second's figures are that second's, at a cost nobody sees (bench/metrics-channel.ts). */
export const PUSH_EVERY_MS = 250

const PREFIX = 'k6_'
const DROPPED = `${PREFIX}dropped_iterations_total`
const ITERATIONS = `${PREFIX}iterations_total`
const COUNTER_OF: ReadonlyMap<string, CounterName> = new Map(
  (Object.keys(COUNTERS) as CounterName[]).map(name => [`${PREFIX}${COUNTERS[name]}_total`, name] as const),
)

/**
 * Turns k6's cumulative pushes into what each second added. One metric may come in several label sets (scenarios, instances in
 * a cluster): each is told apart by its labels, and their differences add up.
 */
export class LiveSeries {
  /** Everything so far. */
  readonly counters: Record<CounterName, number> = { attempted: 0, completed: 0, transport: 0, threw: 0 }
  iterations = 0
  dropped = 0
  /** Epoch milliseconds of the first measured visit; undefined while there was none. */
  startedAtMs: number | undefined
  private readonly attempts = new Map<number, number>()
  private readonly lastValue = new Map<string, number>()
  private readonly lastHistogram = new Map<string, Histogram>()
  private readonly slices = new Map<string, SeriesSecond>()
  private readonly clocks = new Map<number, SecondClock>()

  /** Takes one push that arrived at `nowMs` from the generator of this number: all of them push series of the same names. */
  add(request: WriteRequest, nowMs: number, generator = 0): LiveStep {
    const step: LiveStep = {
      counters: { attempted: 0, completed: 0, transport: 0, threw: 0 },
      iterations: 0,
      dropped: 0,
      histograms: new Map(),
    }
    // All reading comes before all counting, so that a push which cannot be read leaves nothing half counted.
    const parsed = request.timeseries.map(series => parse(series, generator))
    // The start comes first, because the other series of the same push are placed by it.
    for (const series of parsed) this.takeStart(series)
    for (const series of parsed) this.takeSeries(series, step, nowMs)
    for (const name of Object.keys(step.counters) as CounterName[]) this.counters[name] += step.counters[name]
    this.attempts.set(generator, this.attemptedBy(generator) + step.counters.attempted)
    this.iterations += step.iterations
    this.dropped += step.dropped
    return step
  }

  /** Measured visits that this generator told of. */
  attemptedBy(generator: number): number {
    return this.attempts.get(generator) ?? 0
  }

  /** All slices so far, by second. */
  seconds(): SeriesSecond[] {
    return [...this.slices.values()].sort((a, b) => a.second - b.second)
  }

  /** Merged over all seconds. */
  totals(): { series: SeriesName; outcome: StepOutcome; histogram: Histogram }[] {
    const groups = Map.groupBy(this.slices.values(), slice => `${slice.series} ${slice.outcome}`)
    return [...groups.values()].flatMap(slices => {
      const first = slices[0]
      if (first === undefined) return []
      return [{ series: first.series, outcome: first.outcome, histogram: mergeHistograms(slices.map(s => s.histogram)) }]
    })
  }

  private takeStart({ name, value }: ParsedSeries): void {
    if (name !== PREFIX + STARTED_AT || value === undefined || !(value > 0)) return
    this.startedAtMs = Math.min(this.startedAtMs ?? value, value)
  }

  private takeSeries(series: ParsedSeries, step: LiveStep, nowMs: number): void {
    const { name, key, ours, total, generator } = series
    if (ours !== undefined && total !== undefined) {
      const histogram = histogramSince(total, this.lastHistogram.get(key))
      this.lastHistogram.set(key, total)
      if (histogram.count > 0) this.keep({ ...ours, histogram }, step, nowMs, generator)
      return
    }
    const counter = COUNTER_OF.get(name)
    if (counter !== undefined) step.counters[counter] += this.counterSince(series)
    else if (name === ITERATIONS) step.iterations += this.counterSince(series)
    else if (name === DROPPED && series.scenario === MEASURED) step.dropped += this.counterSince(series)
  }

  private counterSince({ key, value }: ParsedSeries): number {
    // The mark that a series has ended is a NaN in place of its value.
    if (value === undefined || Number.isNaN(value)) return 0
    const before = this.lastValue.get(key) ?? 0
    this.lastValue.set(key, value)
    return value < before ? value : value - before
  }

  private keep({ series, outcome, histogram }: Slice, step: LiveStep, nowMs: number, generator: number): void {
    const clock = this.clocks.get(generator) ?? new SecondClock(this.startedAtMs ?? nowMs, nowMs)
    this.clocks.set(generator, clock)
    const second = clock.secondOf(nowMs)
    const group = `${series} ${outcome}`
    const slice = this.slices.get(`${second} ${group}`)?.histogram ?? emptyHistogram(histogram.logBase)
    this.slices.set(`${second} ${group}`, { second, series, outcome, histogram: mergeHistograms([slice, histogram]) })
    const live = step.histograms as Map<string, Slice>
    const earlier = live.get(group)?.histogram ?? emptyHistogram(histogram.logBase)
    live.set(group, { series, outcome, histogram: mergeHistograms([earlier, histogram]) })
  }
}

/**
 * Which second a push belongs to. A push holds what came in the interval before it, so it is placed by its middle. Where the
 * pushes lie against the seconds is fixed at the first one: placing each by itself would, near the turn of a second, put five
 * pushes in one and three in the next.
 */
class SecondClock {
  private readonly firstInterval: number
  private readonly firstPushMs: number

  constructor(startedAtMs: number, firstPushMs: number) {
    this.firstPushMs = firstPushMs
    this.firstInterval = Math.max(0, Math.round((firstPushMs - startedAtMs) / PUSH_EVERY_MS - 1))
  }

  secondOf(nowMs: number): number {
    const since = Math.max(0, Math.round((nowMs - this.firstPushMs) / PUSH_EVERY_MS))
    return Math.floor(((this.firstInterval + since) * PUSH_EVERY_MS) / 1000)
  }
}

interface ParsedSeries {
  name: string
  generator: number
  /** The generator and all labels: tells apart what comes from different scenarios and instances. */
  key: string
  scenario: string | undefined
  value: number | undefined
  ours: { series: SeriesName; outcome: StepOutcome } | undefined
  total: Histogram | undefined
}

function parse(series: TimeSeries, generator: number): ParsedSeries {
  const label = (name: string): string | undefined => series.labels.find(l => l.name === name)?.value
  const name = label('__name__') ?? ''
  const ours = seriesOfMetric(name.slice(PREFIX.length))
  const native = series.histograms[0]
  return {
    name,
    generator,
    key: `${generator} ${series.labels.map(l => `${l.name}=${l.value}`).join(',')}`,
    scenario: label('scenario'),
    value: series.samples[0]?.value,
    ours,
    total: ours === undefined || native === undefined ? undefined : rootHistogram(native),
  }
}
