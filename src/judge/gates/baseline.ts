import type { SeriesName, SeriesTotal } from '../../contract/engine.ts'
import type { StepOutcome } from '../../contract/flow.ts'
import type { LoadResult, Result, SeriesSummary } from '../../contract/result.ts'
import { describeShape } from '../../contract/shape.ts'
import { loginsOf } from '../figure.ts'
import type { GateEvidence } from './gate-evidence.ts'
import type { Interval } from './interval.ts'
import type { LoadPart } from './load-part.ts'
import { type LoadFigure, readFigure, samplesNeeded } from './reading.ts'
import { figureText } from './words.ts'

export interface BaselineBound {
  value: number
  interval: Interval
  /** The baseline's own figure; null when the limit is a plain value. */
  baseline: number | null
}

/** The limit that a baseline gives. Two runs that differ in more than the backend's version are not compared. */
export function baselineBound(
  figure: LoadFigure,
  factor: number,
  { baseline, plan, load }: GateEvidence,
): BaselineBound | { missing: string } {
  if (baseline === undefined) return { missing: 'No baseline was given: name an earlier run with --baseline.' }
  if (baseline.load === null || baseline.validity.outcome !== 'pass') {
    return { missing: `The baseline ${baseline.id} has no valid load.` }
  }
  const differs = difference(baseline, plan, load?.engine.id ?? null)
  if (differs !== undefined) return { missing: `The baseline ${baseline.id} is not comparable: ${differs}.` }
  const reading = readFigure(figure, partOf(baseline.load))
  const needed = samplesNeeded(figure, 0.5)
  if (reading === undefined || reading.samples < needed) {
    return { missing: `The baseline ${baseline.id} has too few samples for ${figureText(figure)}.` }
  }
  const times = (value: number): number => value * factor
  return {
    value: times(reading.value),
    interval: { low: times(reading.sampled.low), high: times(reading.sampled.high) },
    baseline: reading.value,
  }
}

function difference(baseline: Result, plan: GateEvidence['plan'], engine: string | null): string | undefined {
  const [before, now] = [baseline.plan.load, plan.load]
  if (before === null || now === null) return 'one of the two has no load'
  const pairs: [string, string, string][] = [
    ['its target module was', baseline.plan.target.module, plan.target.module],
    ['its scenario was', before.scenario, now.scenario],
    ['its load was', describeShape(before.shape), describeShape(now.shape)],
    ['its carriers were', JSON.stringify(steady(baseline.plan)), JSON.stringify(steady(plan))],
    ['its engine was', baseline.load?.engine.id ?? 'none', engine ?? 'none'],
  ]
  const found = pairs.find(([, a, b]) => a !== b)
  return found === undefined ? undefined : `${found[0]} ${found[1]}, here it is ${found[2]}`
}

/** What the carriers cost and how they fail: what honest logins depend on beside the backend. */
function steady({ mocks }: GateEvidence['plan']): unknown {
  return [mocks.carriers, mocks.latency, mocks.faults]
}

/** A result keeps the whole measured part with its histograms. */
function partOf(load: LoadResult): LoadPart {
  return {
    name: '',
    durationMs: load.durationMs,
    logins: loginsOf(load),
    total(series, outcome) {
      const found = load.summaries.find(one => one.series === series && one.outcome === outcome)
      return found === undefined ? undefined : totalOfSummary(found, series, outcome)
    },
  }
}

function totalOfSummary(one: SeriesSummary, series: SeriesName, outcome: StepOutcome): SeriesTotal {
  const { minMs, maxMs, p50Ms, p90Ms, p95Ms, p99Ms, p999Ms, count, histogram } = one
  const figures = [minMs, maxMs, p50Ms, p90Ms, p95Ms, p99Ms, p999Ms]
  if (!one.exact || figures.some(figure => figure === null)) return { series, outcome, count, histogram }
  const [min, max, p50, p90, p95, p99, p999] = figures as [number, number, number, number, number, number, number]
  return { series, outcome, count, histogram, exact: { min, max, p50, p90, p95, p99, p999 } }
}
