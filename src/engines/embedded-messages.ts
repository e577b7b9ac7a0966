import type { LoadJob, SeriesName, SeriesSecond } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import type { Histogram } from '../contract/histogram.ts'
import type { Segment } from './arrivals.ts'
import type { ExactFigures } from './exact-samples.ts'

/** From the engine to a generator process. */
export type ToGenerator =
  /** First of all. */
  | ({ kind: 'prepare' } & GeneratorOrder)
  /** The load's clock starts then, epoch milliseconds, in all generators alike. */
  | { kind: 'go'; startEpochMs: number }
  /** No visit begins any more; those under way may end. */
  | { kind: 'stop' }

/** What one generator is to do. */
export interface GeneratorOrder {
  job: LoadJob
  /** Scenario and target module as one file. */
  flowFile: string
  segment: Segment
  /** Whether each connection comes from an address of its own (src/lab/source-address.ts). */
  ownAddresses: boolean
}

/** From a generator process to the engine. */
export type FromGenerator =
  | { kind: 'ready' }
  /** Nothing could be started. */
  | { kind: 'unfit'; message: string }
  | ({ kind: 'tick' } & GeneratorTick)
  | { kind: 'done'; tick: GeneratorTick; ending: GeneratorEnding }

/** How a generator stands. Counts are of the measured part and whole, not since the tick before. */
export interface GeneratorTick {
  attempted: number
  completed: number
  /** Measured arrivals that found all users busy. */
  dropped: number
  transport: number
  threw: number
  failed: number
  requests: number
  /** Visits begun, warm-up included. */
  iterations: number
  /** CPU seconds of the process since it began. */
  cpuSeconds: number
  /** Slices that changed since the tick before, each whole. */
  slices: SeriesSecond[]
}

export interface GeneratorEnding {
  /** Most visits that were under way at once, and most connections. */
  mostUsers: number
  connections: number
  /** Milliseconds by which measured arrivals began later than due. */
  lateness: Histogram
  latenessMaxMs: number
  loopDelayP99Ms: number
  /** Numbers of the visits whose login was not granted, as far as they were kept. */
  notGranted: number[]
  /** Absent when there were too many values to keep. */
  exact: { series: SeriesName; outcome: StepOutcome; figures: ExactFigures }[]
}
