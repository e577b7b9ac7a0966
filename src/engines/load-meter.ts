import type { LoadProgress } from '../contract/engine.ts'
import { mergeHistograms, quantile } from '../contract/histogram.ts'
import type { LoadPlan } from '../contract/plan.ts'
import type { LiveSeries, LiveStep } from './live-series.ts'

/** At its end k6 pushes once more at once; a rate over a few milliseconds would be noise. */
const SHORTEST_STEP_MS = 250

/** Makes the once-a-second progress out of the live channel. */
export class LoadMeter {
  /** Epoch milliseconds of the last push; undefined before the first. */
  lastPushMs: number | undefined
  private readonly plan: LoadPlan
  private readonly totalMs: number
  private startMs = 0
  private failed = 0

  constructor(plan: LoadPlan, totalMs: number) {
    this.plan = plan
    this.totalMs = totalMs
  }

  start(nowMs: number): void {
    this.startMs = nowMs
  }

  /**
   * Rate and p95 of this step; failures and drops so far. During warm-up only the rate is known. Undefined for a step too short
   * to speak of.
   */
  progress(step: LiveStep, live: LiveSeries, nowMs: number): LoadProgress | undefined {
    const sinceMs = nowMs - (this.lastPushMs ?? this.startMs)
    this.lastPushMs = nowMs
    const granted = []
    for (const { series, outcome, histogram } of step.histograms.values()) {
      if (outcome === 'failed') this.failed += histogram.count
      if (series === 'oneTap' && outcome === 'granted') granted.push(histogram)
    }
    if (sinceMs < SHORTEST_STEP_MS) return undefined
    return {
      elapsedMs: Math.min(this.totalMs, nowMs - this.startMs),
      totalMs: this.totalMs,
      ratePerSecond: (step.iterations * 1000) / sinceMs,
      offeredPerSecond: this.plan.shape.kind === 'closed' ? null : this.plan.shape.ratePerSecond,
      p95Ms: quantile(mergeHistograms(granted), 0.95) ?? null,
      failed: this.failed,
      dropped: live.dropped,
    }
  }
}

/** A target is given up when for so many pushes, one a second, no request got any reply. */
const DEAD_PUSHES = 3

/** Notices a target that answers nothing any more. */
export class DeathWatch {
  private dead = 0

  /** True once the target has been silent for long enough. Seconds in which nothing ended say nothing. */
  sees(step: LiveStep): boolean {
    const { transport } = step.counters
    let replies = 0
    for (const { series, histogram } of step.histograms.values()) if (series !== 'backend_added') replies += histogram.count
    // The series count every request, with a reply or without.
    replies -= transport
    if (replies > 0) this.dead = 0
    else if (transport > 0) this.dead++
    return this.dead >= DEAD_PUSHES
  }
}
