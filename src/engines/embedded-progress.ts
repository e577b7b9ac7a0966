import type { LoadProgress } from '../contract/engine.ts'
import { mergeHistograms, quantile } from '../contract/histogram.ts'
import type { LoadPlan } from '../contract/plan.ts'
import { ratePerSecondAt } from '../contract/shape.ts'
import type { GeneratorTick } from './embedded-messages.ts'
import type { GeneratorProcess } from './embedded-process.ts'
import { loadTiming } from './load-timing.ts'
import { secondFigures } from './second-figures.ts'
import { SecondWatch } from './second-watch.ts'

/** Makes the once-a-second progress out of what the generators told last. */
export class EmbeddedProgress {
  private readonly plan: LoadPlan
  private readonly watch = new SecondWatch()
  private iterations = 0

  constructor(plan: LoadPlan) {
    this.plan = plan
  }

  /** Also tells for how many seconds in a row requests ended without any reply. */
  take(generators: readonly GeneratorProcess[], elapsedMs: number): { progress: LoadProgress; deadSeconds: number } {
    const ticks = generators.flatMap(generator => generator.last ?? [])
    const sum = (count: (tick: GeneratorTick) => number): number => ticks.reduce((total, tick) => total + count(tick), 0)
    const { totalMs, measuredAtMs } = loadTiming(this.plan)
    const iterations = sum(tick => tick.iterations)
    const ratePerSecond = iterations - this.iterations
    this.iterations = iterations
    const measuredMs = elapsedMs - measuredAtMs
    const progress: LoadProgress = {
      elapsedMs: Math.max(0, Math.min(totalMs, elapsedMs)),
      totalMs,
      ratePerSecond,
      offeredPerSecond: this.offeredAt(measuredMs),
      p95Ms: p95Of(generators, Math.floor(measuredMs / 1000) - 1),
      failed: sum(tick => tick.failed),
      dropped: sum(tick => tick.dropped),
      second: secondFigures(
        generators.flatMap(generator => generator.slices().filter(slice => slice.second === Math.floor(measuredMs / 1000) - 1)),
        ['oneTap'],
      ),
    }
    const deadSeconds = this.watch.tick({
      attempted: sum(tick => tick.attempted),
      requests: sum(tick => tick.requests),
      transport: sum(tick => tick.transport),
    })
    return { progress, deadSeconds }
  }

  /** During warm-up the rate the measured part begins with is offered; null for a closed model. */
  private offeredAt(measuredMs: number): number | null {
    const { shape } = this.plan
    if (shape.kind === 'closed') return null
    return Math.round(ratePerSecondAt(shape, Math.min(shape.durationMs - 1, Math.max(0, measuredMs))) * 10) / 10
  }
}

function p95Of(generators: readonly GeneratorProcess[], second: number): number | null {
  const slices = generators.flatMap(generator =>
    generator.slices().filter(slice => slice.second === second && slice.series === 'oneTap' && slice.outcome === 'granted'),
  )
  return quantile(mergeHistograms(slices.map(slice => slice.histogram)), 0.95) ?? null
}
