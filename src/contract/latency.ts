import { exhaustive } from './json.ts'
import { mixPair, saltOf } from './rng.ts'

/** How long the carrier takes to answer. Times in milliseconds. */
export type LatencyProfile =
  | { kind: 'none' }
  | { kind: 'fixed'; ms: number }
  /** Lognormal given the two figures people have: median and 99th percentile. Cut at the table's last step (p99.99). */
  | { kind: 'lognormal'; medianMs: number; p99Ms: number }

/**
 * A profile as a table of 4096 quantile midpoints in whole microseconds. A draw is then integer arithmetic on the token's
 * index, the same in the mock and in the generator, so the generator knows what the carrier cost each login (architecture, decision 5).
 */
export interface LatencyTable {
  readonly salt: number
  readonly quantilesUs: ArrayLike<number>
}

const STEPS = 4096
const Z99 = 2.3263478740408408

export function latencyTable(profile: LatencyProfile, seed: number): LatencyTable {
  const salt = mixPair(seed, saltOf('latency'))
  switch (profile.kind) {
    case 'none':
      return { salt, quantilesUs: [] }
    case 'fixed':
      return { salt, quantilesUs: new Array<number>(STEPS).fill(Math.round(profile.ms * 1000)) }
    case 'lognormal': {
      const sigma = Math.log(profile.p99Ms / profile.medianMs) / Z99
      const quantilesUs: number[] = []
      for (let i = 0; i < STEPS; i++) {
        quantilesUs.push(Math.round(profile.medianMs * 1000 * Math.exp(sigma * normalQuantile((i + 0.5) / STEPS))))
      }
      return { salt, quantilesUs }
    }
    default:
      return exhaustive(profile)
  }
}

/** The carrier's intended delay for this token, in microseconds. */
export function drawLatencyUs(table: LatencyTable, tokenIndex: number): number {
  return table.quantilesUs[mixPair(table.salt, tokenIndex) >>> 20] ?? 0
}

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
