import type { LoadProgress, SeriesName } from '../contract/engine.ts'
import { type Histogram, mergeHistograms, quantile } from '../contract/histogram.ts'
import type { LoadPlan } from '../contract/plan.ts'
import { isTargetSeries } from '../contract/series.ts'
import { ratePerSecondAt } from '../contract/shape.ts'
import { type LiveSeries, type LiveStep, PUSH_EVERY_MS } from './live-series.ts'
import { secondFigures } from './second-figures.ts'

type SeriesSlice = LiveStep['histograms'] extends ReadonlyMap<string, infer Slice> ? Slice : never

const PROGRESS_EVERY_MS = 1000

/** Makes the once-a-second progress out of the live channel. */
export class LoadMeter {
  /** Epoch milliseconds of the last push; undefined before the first. */
  lastPushMs: number | undefined
  private readonly plan: LoadPlan
  private readonly totalMs: number
  private readonly logins: readonly SeriesName[]
  private startMs = 0
  private lastProgressMs = 0
  private iterations = 0
  private granted: Histogram[] = []
  private slices: SeriesSlice[] = []
  private failed = 0

  constructor(plan: LoadPlan, totalMs: number, logins: readonly SeriesName[] = ['oneTap']) {
    this.plan = plan
    this.logins = logins
    this.totalMs = totalMs
  }

  start(nowMs: number): void {
    this.startMs = nowMs
    this.lastProgressMs = nowMs
  }

  /**
   * Takes a step; returns progress when a second has gone by, else undefined. Rate and p95 are of that second, failures and drops
   * of the whole load so far. During warm-up only the rate is known.
   */
  take(step: LiveStep, live: LiveSeries, nowMs: number): LoadProgress | undefined {
    this.lastPushMs = nowMs
    this.iterations += step.iterations
    for (const slice of step.histograms.values()) {
      const { series, outcome, histogram } = slice
      this.slices.push(slice)
      if (outcome === 'failed') this.failed += histogram.count
      if (series === this.logins[0] && outcome === 'granted') this.granted.push(histogram)
    }
    const sinceMs = nowMs - this.lastProgressMs
    // Half a push early is on time: the next one would be half a push late.
    if (sinceMs < PROGRESS_EVERY_MS - PUSH_EVERY_MS / 2) return undefined
    const progress = {
      elapsedMs: Math.min(this.totalMs, nowMs - this.startMs),
      totalMs: this.totalMs,
      ratePerSecond: (this.iterations * 1000) / sinceMs,
      offeredPerSecond: this.offeredNow(nowMs),
      p95Ms: quantile(mergeHistograms(this.granted), 0.95) ?? null,
      failed: this.failed,
      dropped: live.dropped,
      second: secondFigures(this.slices, this.logins),
    }
    this.lastProgressMs = nowMs
    this.iterations = 0
    this.granted = []
    this.slices = []
    return progress
  }

  /** During warm-up the rate the measured part begins with is offered; null for a closed model. */
  private offeredNow(nowMs: number): number | null {
    const { shape } = this.plan
    if (shape.kind === 'closed') return null
    const measuredForMs = nowMs - this.startMs - (this.totalMs - shape.durationMs)
    return Math.round(ratePerSecondAt(shape, Math.min(shape.durationMs - 1, Math.max(0, measuredForMs))) * 10) / 10
  }
}

/** A target is given up when for three seconds requests ended and none had a reply. */
const DEAD_PUSHES = 3000 / PUSH_EVERY_MS

/** Notices a target that answers nothing any more. */
export class DeathWatch {
  private dead = 0
  private readonly pushes: number

  /** Of so many generators, each of which pushes by itself. */
  constructor(generators = 1) {
    this.pushes = DEAD_PUSHES * generators
  }

  /** True once the target has been silent for long enough. Pushes in which nothing ended say nothing. */
  sees(step: LiveStep): boolean {
    const { transport } = step.counters
    let replies = 0
    for (const { series, histogram } of step.histograms.values()) if (isTargetSeries(series)) replies += histogram.count
    // The series count every request, with a reply or without.
    replies -= transport
    if (replies > 0) this.dead = 0
    else if (transport > 0) this.dead++
    return this.dead >= this.pushes
  }
}
