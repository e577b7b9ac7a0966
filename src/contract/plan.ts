import type { Severity } from './attack.ts'
import type { CarrierId } from './carriers.ts'
import type { ComersPlan } from './comers.ts'
import type { FaultRule } from './fault.ts'
import type { Suppression } from './finding.ts'
import type { GateExpression } from './gate-expression.ts'
import type { LifetimeRule, ReuseRule } from './journal.ts'
import type { LatencyProfile } from './latency.ts'
import type { ProviderId } from './providers.ts'
import type { LoadShape } from './shape.ts'
import type { OperationId } from './target.ts'

/** Everything a run will do, resolved: no default is left open. Written to `plan.json`; plain data. */
export interface Plan {
  schemaVersion: '1.0.0'
  runId: string
  /** Name of the suite, shown in reports. */
  name: string
  seed: number
  target: TargetPlan
  mocks: MocksPlan
  load: LoadPlan | null
  attack: AttackPlan | null
  budgets: readonly Budget[]
  /** Hosts beyond loopback that may be touched: named in config and allowed by flag, both. */
  allowedHosts: readonly string[]
  /** Where this was written down; absent where nobody could tell. */
  source?: PlanSource
}

/**
 * Places in the repository that a finding is pinned to: code scanning and annotations need a file and a line. Paths from the
 * repository's root (from the working folder outside one), with `/`; lines count from 1.
 */
export interface PlanSource {
  /** `sets`: what the configuration says itself, as paths of this document such as `load.shape.kind`; the rest are defaults. */
  config: { file: string; budgetsLine: number; sets: readonly string[] }
  /** What flags of the command line say, by the same paths. */
  flags: readonly string[]
  target: { file: string; lines: Partial<Record<OperationId, number>> }
  commit?: string
  branch?: string
}

export interface TargetPlan {
  /** Path of the target module, relative to the config's folder or absolute. */
  module: string
  /** Base URL; `null` when the harness starts the target and learns its address. */
  url: string | null
  start: TargetStart | null
  /** Path that answers with the run id, or null when the target has none: one that runs already must be named in `allow` anyway. */
  identityPath: string | null
  /** `host:port` entries of targets the harness did not start and may touch. */
  allow: readonly string[]
  vars: Record<string, string>
}

export interface TargetStart {
  /** Program and arguments; `{port}` and `{runId}` are filled in. */
  command: readonly string[]
  /** Extra environment. Values may hold `{mocks.NAME}` for a name of the mocks' environment, `{port}`, `{runId}`, `{vars.NAME}`. */
  env: Record<string, string>
  cwd: string | null
  readyTimeoutMs: number
  /** Where the target keeps its nonces: the harness stands before it, so that it can be slow or gone. */
  nonceStore?: NonceStorePlan
}

export interface NonceStorePlan {
  /** Variable of the target's environment that names the store; it gets the address of the harness's wire instead. */
  variable: string
  /** The store's own address, on this machine. */
  url: string
}

export interface MocksPlan {
  carriers: readonly CarrierId[]
  /** Providers beside the carriers; absent = none. */
  providers?: readonly ProviderId[]
  subscribers: number
  /** Behaviour during load. */
  latency: LatencyProfile
  faults: readonly FaultRule[]
  singleUse: 'strict' | 'lenient'
  /** Rules by carrier, redeeming provider and purpose, and guesses told otherwise; absent = as documented, the mocks' own. */
  lifetimes?: readonly LifetimeRule[]
  reuse?: readonly ReuseRule[]
  assumptions?: Readonly<Record<string, string>>
  ports: { control: number } & Partial<Record<ProviderId, number>>
}

/** What drives the load. `auto`: k6, or the embedded engine when no k6 can be had. */
export const ENGINE_WISHES = ['auto', 'k6', 'embedded', 'autocannon'] as const
export type EngineWish = (typeof ENGINE_WISHES)[number]

export interface LoadPlan {
  engine: EngineWish
  /** Processes that share the arrivals evenly; absent = 1. autocannon knows one only. */
  generators?: number
  scenario: string
  shape: LoadShape
  /** Who comes; absent: strangers of all carriers evenly, as far as the scenario does not ask for others. */
  comers?: ComersPlan
  /** How soon after a timed fault goodput must be back; absent = ten seconds. */
  recoverWithinMs?: number
  /** Load before the measured part, thrown away. */
  warmUpMs: number
  /** Most virtual users k6 may use. */
  maxUsers: number
  requestTimeoutMs: number
  /**
   * Longest stall of the target that must not cost an arrival, milliseconds; absent = 0. k6 makes users too slowly during a stall, so it
   * has so many more ready from the start, which costs memory and some start-up.
   */
  outlastStallMs?: number
}

export interface AttackPlan {
  /** Ids, or families, or `all`. */
  include: readonly string[]
  exclude: readonly string[]
  /** Of these severities only; absent = of any. */
  severities?: readonly Severity[]
  /** A finding less severe than this is told and does not turn the run red; absent = all do. */
  failOn?: Severity
  /** Findings known and accepted for a while. */
  suppress?: readonly Suppression[]
  /** Carrier's delay while attacks run: a slow carrier widens races. */
  latency: LatencyProfile
  /** Clean rounds and width of race attacks. `below`: rounds go on until a hit is known to be rarer per round (0-1), at 95 %. */
  race: { rounds: number; width: number; below?: number }
  /** Honest load beside the attacks; absent = none. */
  underLoad?: UnderLoadPlan
}

export interface UnderLoadPlan {
  /** Part of the capacity, 0-1. */
  share: number
  /** Honest logins a second that the target can take; null: measured before the attacks. */
  capacityPerSecond: number | null
  /** Engine, scenario and limits; its shape is replaced. */
  load: LoadPlan
}

/** A limit on a figure. Judged only on valid evidence and enough samples. */
export type Budget =
  | {
      kind: 'latency'
      metric: LatencyMetric
      stat: 'p50' | 'p90' | 'p95' | 'p99' | 'p999' | 'max'
      limitMs: number
      minSamples: number
    }
  /** Share (0-1) of exchanges that ended neither granted nor carrier-failed. */
  | { kind: 'error-rate'; limit: number; minSamples: number }
  /** No attack of the family may get in, unless its finding is accepted; at least `minSamples` attacks must have reached a verdict. */
  | { kind: 'attacks'; family: string; minSamples: number }
  /** Any figure, as it was written and as it was read: `login.p99 < 400ms while fault`. More samples than the figure needs by itself may be asked for. */
  | { kind: 'expression'; text: string; gate: GateExpression; minSamples?: number }

/** `login`: the whole exchange as the user waits for it. `backend_added`: the same less what the carrier cost. Others: one operation. */
export type LatencyMetric = 'login' | 'backend_added' | 'nonce' | 'me'
