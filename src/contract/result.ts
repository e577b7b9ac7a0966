import type { AttackFamily, Judgement, Severity, TranscriptEntry } from './attack.ts'
import type { Attribution, Reconciliation } from './attribution.ts'
import type { LoadEvidence, SeriesName } from './engine.ts'
import type { HarnessErrorRecord } from './errors.ts'
import type { MachineFacts, TargetIdentity } from './evidence.ts'
import type { AttackCost, FailClosedMap, ReissueLevel } from './figures.ts'
import type { Finding, SuppressionResult } from './finding.ts'
import type { StepOutcome } from './flow.ts'
import type { GateComparator } from './gate-expression.ts'
import type { Histogram } from './histogram.ts'
import type { JournalRow, JournalTotals } from './journal.ts'
import type { Plan } from './plan.ts'
import type { OperationId } from './target.ts'
import type { Isolation, Mark, Recovery } from './timeline.ts'
import type { Outcome } from './verdict.ts'

/** The product: everything people and pipelines read is a view of this document. Semantic version of the shape in `schemaVersion`. */
export interface Result {
  $schema: string
  schemaVersion: '1.1.0'
  id: string
  name: string
  verdict: Exclude<Outcome, 'not-applicable'>
  exitCode: number
  /** Why, most important first. `ref` names a section of this document. */
  reasons: { code: string; ref: string; text: string }[]
  tool: { name: string; version: string; node: string; engine: string | null }
  target: { name: string; url: string; identity: TargetIdentity | null }
  time: { startedAt: string; durationMs: number }
  machine: MachineFacts
  plan: Plan
  validity: Validity
  gates: Gate[]
  load: LoadResult | null
  attacks: AttackResult[]
  /** What was refused, errored or accepted while carriers or stores were in trouble; absent unless `cf-fail-closed` ran. */
  failClosedMap?: FailClosedMap
  /** Absent unless `do-attack-cost` ran. */
  attackCost?: AttackCost
  /** Absent unless `nr-reissue-level` ran. */
  reissueLevel?: ReissueLevel
  /** What became of each suppression of the plan; absent when it has none. */
  suppressions?: SuppressionResult[]
  /** The run that figures were held against; absent when there was none. */
  baseline?: { id: string; startedAt: string }
  trouble: HarnessErrorRecord[]
  notes: string[]
  /** How the run ended. */
  ended: 'finished' | 'interrupted' | 'terminated' | 'failed'
}

/** Was the evidence worth judging? Read before any gate. */
export interface Validity {
  outcome: Extract<Outcome, 'pass' | 'inconclusive' | 'not-applicable'>
  checks: { id: string; outcome: Outcome; observed: string; limit: string; text: string }[]
}

export interface Gate {
  id: string
  title: string
  outcome: Outcome
  /** Plain numbers in `unit`; null = no figure could be had. */
  observed: number | null
  /** Null where it rests on a baseline that could not be had. */
  limit: number | null
  /** How the figure must stand to the limit; `<=` where absent. */
  comparator?: GateComparator
  /** `calls`: calls at the carriers for each login or forged request. */
  unit: 'ms' | 'share' | 'attacks' | 'per-second' | 'calls'
  samples: number
  minSamples: number
  /** Relative error of the figure (0 = exact). */
  figureError: number
  text: string
  /** Where each part of a load is judged by itself: all of them, of which the worst decided. */
  parts?: { name: string; outcome: Outcome; observed: number | null; samples: number }[]
  /** The figure of the baseline, where the limit follows from it. */
  baseline?: number | null
}

export interface SeriesSummary {
  series: SeriesName
  outcome: StepOutcome
  count: number
  minMs: number | null
  maxMs: number | null
  p50Ms: number | null
  p90Ms: number | null
  p95Ms: number | null
  p99Ms: number | null
  p999Ms: number | null
  /** True when the quantiles are the engine's own exact ones, false when read from the histogram. */
  exact: boolean
  histogram: Histogram
}

export interface LoadResult {
  engine: LoadEvidence['engine']
  scenario: string
  /** Operations that are logins, the judged one first; absent in documents of before there were others than `oneTap`. */
  logins?: readonly OperationId[]
  startedAt: string
  durationMs: number
  offeredPerSecond: number | null
  achievedPerSecond: number
  attempted: number
  completed: number
  dropped: number
  transportErrors: number
  summaries: SeriesSummary[]
  /** Column arrays over whole seconds; null where the second had no sample. */
  seconds: {
    stepMs: 1000
    second: number[]
    /** Logins of all kinds ended per second by outcome. */
    granted: number[]
    refused: number[]
    failed: number[]
    carrierFailed: number[]
    /** Granted logins of the judged kind. */
    loginP50Ms: (number | null)[]
    loginP95Ms: (number | null)[]
    loginP99Ms: (number | null)[]
    addedP50Ms: (number | null)[]
    addedP95Ms: (number | null)[]
    addedP99Ms: (number | null)[]
  }
  /** What the carrier cost, as the mocks saw it. */
  carrier: JournalTotals | null
  /** Absent in documents of before it was made. */
  attribution?: Attribution
  /** Absent where visits are not one token exchange each, and as above. */
  reconciliation?: Reconciliation
  /** What was done to the carriers on the timeline, and what came of it; absent where nothing was. */
  marks?: Mark[]
  recovery?: Recovery[]
  isolation?: Isolation[]
  generator: LoadEvidence['generator']
  end: LoadEvidence['end']
}

export interface AttackResult {
  id: string
  title: string
  family: AttackFamily
  severity: Severity
  cwe: readonly number[]
  asvs: readonly string[]
  api2023: readonly string[]
  about: string
  has: string
  outcome: Outcome
  claim: string
  /** Present when the attack got in. */
  finding?: Finding
  judgement: Judgement | null
  control: { before: string | null; after: string | null }
  transcript: TranscriptEntry[]
  journal: JournalRow[]
  requests: number
  durationMs: number
  /** One shell line that runs this attack again. */
  reproduce: string
}
