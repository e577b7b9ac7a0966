import type { SeriesTotal } from '../../contract/engine.ts'
import type { GateFigure, GateStat } from '../../contract/gate-expression.ts'
import { type Histogram, quantile, quantileError } from '../../contract/histogram.ts'
import { exhaustive } from '../../contract/json.ts'
import { type Interval, rankInterval, rateInterval, shareInterval } from './interval.ts'
import type { LoadPart } from './load-part.ts'

export type LoadFigure = Extract<GateFigure, { kind: 'latency' | 'share' | 'goodput-rate' }>

/** A figure as it was read, with how far the truth about this run may be from it. */
export interface Reading {
  /** In the figure's own unit: milliseconds, share, per second. */
  value: number
  samples: number
  /** Of this run: how exactly the figure was recorded. */
  measured: Interval
  /** Of the backend: what another run of the same kind may show by chance of its samples alone. */
  sampled: Interval
}

/** Reads a figure from a part of a load; undefined where there was nothing to read: a missing figure is never 0. */
export function readFigure(figure: LoadFigure, part: LoadPart): Reading | undefined {
  switch (figure.kind) {
    case 'latency': {
      const total = part.total(figure.series === 'login' ? part.logins[0] : figure.series, 'granted')
      return total === undefined ? undefined : latencyReading(total, figure.stat)
    }
    case 'share': {
      const { granted, all } = exchanges(part)
      if (all === 0) return undefined
      const count = figure.of === 'goodput' ? granted : all - granted
      return { value: count / all, samples: all, measured: exactly(count / all), sampled: shareInterval(count, all) }
    }
    case 'goodput-rate': {
      const { granted, all } = exchanges(part)
      if (all === 0 || part.durationMs <= 0) return undefined
      const value = (granted * 1000) / part.durationMs
      return { value, samples: all, measured: exactly(value), sampled: rateInterval(granted, part.durationMs / 1000) }
    }
    default:
      return exhaustive(figure)
  }
}

/** Logins whose carrier was not told to fail: of those the backend is answerable for how they ended. */
function exchanges(part: LoadPart): { granted: number; all: number } {
  const count = (outcome: 'granted' | 'refused' | 'failed'): number =>
    part.logins.reduce((sum, series) => sum + (part.total(series, outcome)?.count ?? 0), 0)
  const granted = count('granted')
  return { granted, all: granted + count('refused') + count('failed') }
}

function latencyReading(total: SeriesTotal, stat: GateStat): Reading | undefined {
  if (total.count === 0) return undefined
  const exact = exactFigure(total, stat)
  const { value, error } = exact === undefined ? fromHistogram(total.histogram, stat) : { value: exact, error: 0 }
  if (value === undefined) return undefined
  const measured = { low: value / (1 + error), high: value * (1 + error) }
  return { value, samples: total.count, measured, sampled: sampledRange(total, stat, measured) }
}

/** Figures that the engine gave itself. */
const EXACT = new Map<GateStat | number, keyof NonNullable<SeriesTotal['exact']>>([
  ['min', 'min'],
  ['max', 'max'],
  [0.5, 'p50'],
  [0.9, 'p90'],
  [0.95, 'p95'],
  [0.99, 'p99'],
  [0.999, 'p999'],
])

function exactFigure({ exact }: SeriesTotal, stat: GateStat): number | undefined {
  const key = EXACT.get(typeof stat === 'string' ? stat : stat.quantile)
  const value = key === undefined ? undefined : exact?.[key]
  return value !== undefined && Number.isFinite(value) ? value : undefined
}

export function fromHistogram(histogram: Histogram, stat: GateStat): { value: number | undefined; error: number } {
  const q = stat === 'min' ? 0 : stat === 'max' ? 1 : stat.quantile
  return { value: quantile(histogram, q), error: quantileError(histogram) }
}

function sampledRange({ histogram, count }: SeriesTotal, stat: GateStat, measured: Interval): Interval {
  if (typeof stat === 'string') return measured
  const ranks = rankInterval(stat.quantile, count)
  const error = 1 + quantileError(histogram)
  const low = quantile(histogram, ranks.low) ?? measured.low
  const high = quantile(histogram, ranks.high) ?? measured.high
  return { low: Math.min(low / error, measured.low), high: Math.max(high * error, measured.high) }
}

function exactly(value: number): Interval {
  return { low: value, high: value }
}

/** Samples without which a figure says nothing: ten on the far side of a quantile, ten of the rarer kind for a share near its limit. */
export function samplesNeeded(figure: GateFigure, limit: number): number {
  if (figure.kind === 'latency' || figure.kind === 'revocation') {
    const { stat } = figure
    if (typeof stat === 'string') return 1
    return Math.ceil(10 / Math.min(stat.quantile, 1 - stat.quantile) - 1e-6)
  }
  if (figure.kind !== 'share') return 1
  const rarer = Math.min(limit, 1 - limit)
  // A limit of none or all has no rarer kind; a hundred of either keep one lucky visit from deciding.
  return rarer <= 0 ? 100 : Math.ceil(10 / rarer - 1e-6)
}
