import type { LoadPlan } from '../contract/plan.ts'

/** When things happen, in milliseconds after the engine's clock starts. */
export interface LoadTiming {
  warmUpMs: number
  /** Warm-up visits may end in this time; measured ones start after it, so the two never share users. */
  measuredAtMs: number
  /** Visits begun in time may end in this time after the last arrival. */
  gracefulStopMs: number
  totalMs: number
}

const WARM_UP_TAIL_MS = 1000
/** k6 refuses a scenario that is shorter (exit code 104); the other engines keep to it, so that all offer the same load. */
const SHORTEST_SCENARIO_MS = 1000

export function loadTiming(plan: LoadPlan): LoadTiming {
  const warmUpMs = plan.warmUpMs === 0 ? 0 : Math.max(plan.warmUpMs, SHORTEST_SCENARIO_MS)
  const measuredAtMs = warmUpMs === 0 ? 0 : warmUpMs + Math.min(plan.requestTimeoutMs, WARM_UP_TAIL_MS)
  return {
    warmUpMs,
    measuredAtMs,
    // A second beside, so that a request's own timeout ends a visit and the engine does not have to interrupt it.
    gracefulStopMs: plan.requestTimeoutMs + 1000,
    totalMs: measuredAtMs + plan.shape.durationMs,
  }
}
