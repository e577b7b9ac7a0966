import type { LoadProgress } from '../../contract/engine.ts'
import type { ErrorsSoFar } from '../status-block.ts'

/** One second of the load, as the page draws it. Milliseconds and rates per second; null without samples. */
export interface LivePoint {
  atMs: number
  offeredPerSecond: number | null
  achievedPerSecond: number
  p50Ms: number | null
  p99Ms: number | null
  addedP99Ms: number | null
}

/** What the page asks for: the status, and the points after the one it has. */
export interface LiveFigures {
  phase: string
  /** The status block's lines; empty before the load. */
  status: string[]
  errors: ErrorsSoFar
  dropped: number
  /** Index of the first point below. */
  from: number
  points: LivePoint[]
}

/** A point of what an engine told. Engines that tell no figures of the second give their p95 nowhere here: it is another quantile. */
export function pointOf(p: LoadProgress): LivePoint {
  return {
    atMs: p.elapsedMs,
    offeredPerSecond: p.offeredPerSecond,
    achievedPerSecond: p.ratePerSecond,
    p50Ms: p.second?.p50Ms ?? null,
    p99Ms: p.second?.p99Ms ?? null,
    addedP99Ms: p.second?.addedP99Ms ?? null,
  }
}
