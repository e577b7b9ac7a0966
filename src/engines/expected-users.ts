import { type FaultRule, faultHoldMs } from '../contract/fault.ts'
import { type LatencyTable, slowestP99Us } from '../contract/latency.ts'
import type { LoadPlan } from '../contract/plan.ts'
import { peakPerSecond } from '../contract/shape.ts'

/**
 * What the backend itself and the other steps of a visit may take, at the most that is prepared for: a stall of a second and more is
 * what an open load is there to show, and an arrival that k6 drops for want of a user hides it.
 */
const MARGIN_MS = 1500

/**
 * Users to have ready: arrivals a second times the time a visit takes (Little's law), with the carrier's 99th percentile in place
 * of its mean, the tokens that faults keep waiting, and a stall of the target that the load is to outlast. Should it not be enough, k6 makes more up to `maxUsers`, but drops a visit for each.
 */
export function expectedUsers(
  plan: LoadPlan,
  latency: LatencyTable,
  faults: readonly FaultRule[],
  marginMs: number = MARGIN_MS,
): number {
  const { shape } = plan
  if (shape.kind === 'closed') return shape.users
  const carrierMs = slowestP99Us(latency) / 1000
  const hangMs = faults
    .map(rule => rule.share * Math.min(faultHoldMs(rule), plan.requestTimeoutMs))
    .reduce((sum, ms) => sum + ms, 0)
  const users = Math.ceil(((peakPerSecond(shape) ?? 0) * (carrierMs + hangMs + marginMs + (plan.outlastStallMs ?? 0))) / 1000)
  return Math.max(1, Math.min(plan.maxUsers, users))
}
