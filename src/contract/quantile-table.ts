import { exhaustive } from './json.ts'
import type { SteadyLatency } from './latency.ts'

/** Quantiles a table holds: midpoints of 4096 equal shares. */
export const QUANTILE_STEPS = 4096

/** Percentiles as people have them, milliseconds, by name. `p999` is the 99.9th. At least two of them besides min and max. */
export type PercentilePoints = Readonly<Partial<Record<PercentileName, number>>>

/** Names in ascending order; min and max cut the curve off. */
export const PERCENTILE_NAMES = ['min', 'p1', 'p5', 'p10', 'p25', 'p50', 'p75', 'p90', 'p95', 'p99', 'p999', 'max'] as const
export type PercentileName = (typeof PERCENTILE_NAMES)[number]

const SHARES: Readonly<Record<Exclude<PercentileName, 'min' | 'max'>, number>> = {
  p1: 0.01,
  p5: 0.05,
  p10: 0.1,
  p25: 0.25,
  p50: 0.5,
  p75: 0.75,
  p90: 0.9,
  p95: 0.95,
  p99: 0.99,
  p999: 0.999,
}

/** What is wrong with a set of percentiles, or undefined. */
export function percentilesProblem(points: PercentilePoints): string | undefined {
  const given = PERCENTILE_NAMES.filter(name => points[name] !== undefined)
  if (given.filter(name => name !== 'min' && name !== 'max').length < 2) return 'needs two percentiles beside min and max'
  const descending = given.find((name, i) => i > 0 && (points[name] ?? 0) < (points[given[i - 1] ?? name] ?? 0))
  return descending === undefined ? undefined : `${descending} must not be below the one before it`
}

/** The profile's quantiles in whole microseconds, ascending; empty when it has no delay. */
export function quantilesOf(profile: SteadyLatency): readonly number[] {
  switch (profile.kind) {
    case 'none':
      return []
    case 'fixed':
      return midpoints(() => profile.ms)
    case 'uniform':
      return midpoints(q => profile.minMs + q * (profile.maxMs - profile.minMs))
    case 'lognormal': {
      const sigma = Math.log(profile.p99Ms / profile.medianMs) / Z99
      return midpoints(q => profile.medianMs * Math.exp(sigma * normalQuantile(q)))
    }
    case 'percentiles':
      return midpoints(curve(profile.points))
    case 'recorded': {
      const { quantilesMs } = profile
      return midpoints(q => quantilesMs[Math.floor(q * quantilesMs.length)] ?? 0)
    }
    default:
      return exhaustive(profile)
  }
}

/** Measured times in any order as the quantiles of a `recorded` profile: sorted, thinned to QUANTILE_STEPS, whole microseconds. */
export function recordedQuantiles(valuesMs: readonly number[]): number[] {
  const sorted = [...valuesMs].sort((a, b) => a - b).map(ms => Math.round(ms * 1000) / 1000)
  if (sorted.length <= QUANTILE_STEPS) return sorted
  return Array.from({ length: QUANTILE_STEPS }, (_, i) => sorted[Math.floor(((i + 0.5) / QUANTILE_STEPS) * sorted.length)] ?? 0)
}

function midpoints(msAt: (quantile: number) => number): number[] {
  return Array.from({ length: QUANTILE_STEPS }, (_, i) => Math.round(msAt((i + 0.5) / QUANTILE_STEPS) * 1000))
}

/**
 * Straight lines on log-normal paper: the logarithm of the time over the normal quantile of the share. Beyond the outermost
 * points the outermost lines go on, down to min and up to max where these are given.
 */
function curve(points: PercentilePoints): (quantile: number) => number {
  const knots = (Object.entries(SHARES) as [keyof typeof SHARES, number][]).flatMap(([name, share]) => {
    const ms = points[name]
    return ms === undefined ? [] : [{ z: normalQuantile(share), log: Math.log(Math.max(ms, LEAST_MS)) }]
  })
  return quantile => {
    const z = normalQuantile(quantile)
    const found = knots.findIndex(knot => knot.z > z)
    const upper = Math.max(1, found < 0 ? knots.length - 1 : found)
    const [a, b] = [knots[upper - 1], knots[upper]]
    if (a === undefined || b === undefined) throw new Error('a curve needs two percentiles')
    const ms = Math.exp(a.log + ((b.log - a.log) * (z - a.z)) / (b.z - a.z))
    return Math.min(points.max ?? ms, Math.max(points.min ?? 0, ms))
  }
}

/** A percentile of 0 has no logarithm; a microsecond is as good. */
const LEAST_MS = 0.001
const Z99 = 2.3263478740408408

/** Inverse of the standard normal distribution by bisection on its series: slow, exact to 1e-12, used only to build tables. */
function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  let low = -9
  let high = 0
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (normalTail(middle) < p) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** P(Z < z) for z <= 0. Series near the middle, continued fraction (Lentz) in the tail. */
function normalTail(z: number): number {
  const x = -z
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (x < 2.5) {
    let term = x
    let sum = x
    for (let n = 1; n < 60; n++) {
      term *= (x * x) / (2 * n + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = x
  for (let k = 60; k >= 1; k--) fraction = x + k / fraction
  return density / fraction
}
