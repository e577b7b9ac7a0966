import type { FaultRule } from './fault.ts'
import type { LatencySchedule } from './latency.ts'
import type { PhoneAccess } from './phone.ts'
import type { OpenShape } from './shape.ts'
import type { VisitSource } from './visit.ts'

/** What the harness writes into the bundle as `onetap:job`: everything one k6 needs, worked out in Node beforehand. */
export interface K6Job {
  /** k6's own options, handed through. */
  options: Record<string, unknown>
  baseUrl: string
  vars: Record<string, string>
  /** Names of variables whose values k6 reads from its environment, as `ONETAP_VAR_NAME`, and not from here: in a cluster they are secrets. */
  varsFromEnvironment?: readonly string[]
  /** Without the operations, which the driver reads from the target module itself. */
  source: Omit<VisitSource, 'operations'>
  /** Visit index of the first measured and of the first warm-up visit. */
  firstIndex: number
  firstWarmUpIndex: number
  requestTimeoutMs: number
  /** When visits are due; absent for a closed load, whose users come when they can. */
  arrivals?: OpenShape
  /** See LoadJob. */
  byCarrier?: boolean
  /** Absent where no phone is asked. */
  phone?: PhoneAccess
  faults: readonly FaultRule[]
  /** Salt of the latency table; its quantiles come beside, as a typed array, because building them costs k6 seconds per user. */
  latencySalt: number
  latencySchedule?: LatencySchedule
}
