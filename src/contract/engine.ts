import type { ComersPlan } from './comers.ts'
import type { HarnessErrorRecord } from './errors.ts'
import type { FaultRule } from './fault.ts'
import type { StepOutcome } from './flow.ts'
import type { Histogram } from './histogram.ts'
import type { MockProvider } from './journal.ts'
import type { LatencyProfile } from './latency.ts'
import type { PhoneAccess, PhoneOp } from './phone.ts'
import type { LoadPlan } from './plan.ts'
import type { OperationId } from './target.ts'

/**
 * Series an engine reports: one per operation of target and phone; `backend_added`: the exchange's time less the carrier's share;
 * `connect`: what a request that had to open a connection spent on it, name look-up and TLS included; `late`: how long after its due
 * time a visit began, of one visit in 16 (LATE_EVERY). Milliseconds.
 */
export type SeriesName = OperationId | PhoneOp | 'backend_added' | 'connect' | 'late' | AddedSeries

/** The judged exchange by carrier, recorded where `LoadJob.byCarrier` asks for it: `backend_added` of those granted, the whole time of the others. */
export type AddedSeries = 'added_china_mobile' | 'added_china_unicom' | 'added_china_telecom'

/** Of so many visits one tells how late it began: enough for a p99, cheap enough for k6. */
export const LATE_EVERY = 16

export interface LoadJob {
  runId: string
  seed: number
  plan: LoadPlan
  /** Target base URL without trailing slash. */
  baseUrl: string
  /** Operations of the scenario that are logins, the judged one first; absent = `oneTap`. */
  logins?: readonly OperationId[]
  /** Absolute paths of the pure modules to drive. */
  targetModule: string
  scenarioModule: string
  vars: Record<string, string>
  /** What the generator must know to mint tokens and to know the carrier's share. */
  carriers: {
    providers: readonly MockProvider[]
    subscribers: number
    latency: LatencyProfile
    faults: readonly FaultRule[]
    /** Who comes; absent: strangers of all carriers evenly. */
    comers?: ComersPlan
  }
  /** Whether the judged exchange is recorded by carrier too: some of them are to be disturbed. */
  byCarrier?: boolean
  /** Where the phone's requests go; absent where no scenario has any. */
  phone?: PhoneAccess
  /** First visit index: token indices start here, so that two load steps of a run do not spend the same tokens. */
  firstIndex: number
  /** Folder for the engine's own files (bundle, summary, log). */
  workDir: string
}

export interface LoadProgress {
  elapsedMs: number
  totalMs: number
  /** Over the last second. */
  ratePerSecond: number
  offeredPerSecond: number | null
  p95Ms: number | null
  failed: number
  dropped: number
  /** Of the last second; absent where the engine does not tell. */
  second?: LoadSecondFigures
}

/** What happened in one second of a load. Milliseconds; null without samples. */
export interface LoadSecondFigures {
  p50Ms: number | null
  p99Ms: number | null
  addedP50Ms: number | null
  addedP99Ms: number | null
  /** Requests to the target that were not granted, by kind. */
  errors: { refused: number; failed: number; carrierFailed: number }
}

export interface LoadHooks {
  onProgress(progress: LoadProgress): void
  /** Abort = stop gracefully and return what was measured. */
  signal: StopSignal
}

/** The part of an AbortSignal that engines use; declared here because this room has neither Node nor DOM types. */
export interface StopSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Totals of one series and outcome over the measured part. Milliseconds. */
export interface SeriesTotal {
  series: SeriesName
  outcome: StepOutcome
  count: number
  /** Exact figures of the engine's own end summary, where it gives them. */
  exact?: { min: number; max: number; p50: number; p90: number; p95: number; p99: number; p999: number }
  /** Merged from the live channel. */
  histogram: Histogram
}

/** One second of one series and outcome. */
export interface SeriesSecond {
  /** Seconds since the load started. */
  second: number
  series: SeriesName
  outcome: StepOutcome
  histogram: Histogram
}

/** One process of a generator. Its share of the arrivals is missing from the figures when it never reported, or died. */
export interface GeneratorInstance {
  /** From 0. */
  index: number
  /** It told of measured visits at least once. */
  reported: boolean
  /** It came to its own end and told so. */
  finished: boolean
  exitCode: number | null
  attempted: number
}

export interface LoadEvidence {
  engine: { id: string; version: string; model: 'open' | 'closed' }
  scenario: string
  /** Operations that are logins, the judged one first; absent = `oneTap`. */
  logins?: readonly OperationId[]
  /** Epoch milliseconds of the first arrival. */
  startedAtMs: number
  durationMs: number
  /** Planned arrivals per second; null for a closed model. */
  offeredPerSecond: number | null
  plannedArrivals: number | null
  /** Visits begun, ended, and not begun for want of users. */
  attempted: number
  completed: number
  dropped: number
  /** Requests that got no reply at all. */
  transportErrors: number
  /** Numbers (from 0) of the visits whose login was not granted, ascending; absent where the engine does not name them, fewer than there were where it stopped naming. */
  notGranted?: number[]
  totals: SeriesTotal[]
  seconds: SeriesSecond[]
  generator: {
    /** CPU time of the engine over wall time and cores: 1 = all cores busy. */
    cpuShare: number | null
    maxUsers: number
    /** How much later than intended measured arrivals began, milliseconds; absent where the engine cannot tell. */
    latenessMs?: { p50: number; p99: number; max: number }
    /** p99 of the delay of the generator's event loop, milliseconds, the worst of its processes; absent where it has none. */
    loopDelayP99Ms?: number
    /** One entry per process that the plan asks for; absent where the engine knows one process only. */
    instances?: GeneratorInstance[]
    notes: string[]
  }
  /** How the engine ended. */
  end: { exitCode: number | null; reason: 'finished' | 'stopped' | 'target-died' | 'engine-died' }
  trouble: HarnessErrorRecord[]
}

export interface Engine {
  id: string
  about: string
  model: 'open' | 'closed'
  /** Drives the load and returns what was measured, also when stopped early. Throws HarnessError only when nothing could be started. */
  run(job: LoadJob, hooks: LoadHooks): Promise<LoadEvidence>
}
