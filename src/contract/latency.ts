import { type PercentilePoints, QUANTILE_STEPS, quantilesOf } from './quantile-table.ts'
import { mixPair, saltOf } from './rng.ts'

/** How long a provider takes to answer, the same at any time. Times in milliseconds. */
export type SteadyLatency =
  | { kind: 'none' }
  | { kind: 'fixed'; ms: number }
  /** Every time between the two is equally likely. */
  | { kind: 'uniform'; minMs: number; maxMs: number }
  /** Lognormal given the two figures people have: median and 99th percentile. Cut at the table's last step (p99.99). */
  | { kind: 'lognormal'; medianMs: number; p99Ms: number }
  /** Through the given percentiles, lognormal between neighbours: of two points it is the lognormal through them. */
  | { kind: 'percentiles'; points: PercentilePoints }
  /** What was measured somewhere: quantiles at even steps, ascending, at most QUANTILE_STEPS of them. */
  | { kind: 'recorded'; quantilesMs: readonly number[] }

/**
 * How long a provider takes to answer. Times of `step` and `brown-out` count from `originMs`, and a load token is placed on them by
 * its time of issue, which it carries: so mock and generator agree without talking. Everything else is placed by its arrival.
 */
export type LatencyProfile =
  | SteadyLatency
  /** One profile until `atMs`, another from then on. */
  | { kind: 'step'; before: SteadyLatency; atMs: number; after: SteadyLatency; originMs?: number }
  /** Times `factor` from `fromMs` to `toMs`; the factor rises and falls over `rampMs` inside these bounds. */
  | { kind: 'brown-out'; base: SteadyLatency; factor: number; fromMs: number; toMs: number; rampMs: number; originMs?: number }

/** When a table changes over time, and how. */
export type LatencySchedule =
  /** The second half of the quantiles holds from here on, epoch milliseconds. */
  | { kind: 'step'; atEpochMs: number }
  | { kind: 'brown-out'; factor: number; fromEpochMs: number; toEpochMs: number; rampMs: number }

/**
 * A profile as a table of 4096 quantile midpoints in whole microseconds (for a step: 4096 before and 4096 after). A draw is then
 * integer arithmetic on the token's index, the same in the mock and in the generator, so the generator knows what the carrier cost
 * each login (architecture, decision 5).
 */
export interface LatencyTable {
  readonly salt: number
  readonly quantilesUs: ArrayLike<number>
  readonly schedule?: LatencySchedule
}

/** Without `originMs` a schedule counts from the epoch: it is long over. Whoever puts a profile in force stamps it (schedule.ts). */
export function latencyTable(profile: LatencyProfile, seed: number): LatencyTable {
  const salt = mixPair(seed, saltOf('latency'))
  if (profile.kind === 'step') {
    const [before, after] = [profile.before, profile.after].map(steady => fullTable(quantilesOf(steady)))
    const schedule: LatencySchedule = { kind: 'step', atEpochMs: (profile.originMs ?? 0) + profile.atMs }
    return { salt, quantilesUs: [...(before ?? []), ...(after ?? [])], schedule }
  }
  if (profile.kind === 'brown-out') {
    const { factor, fromMs, toMs, rampMs, originMs = 0 } = profile
    const schedule: LatencySchedule = {
      kind: 'brown-out',
      factor,
      fromEpochMs: originMs + fromMs,
      toEpochMs: originMs + toMs,
      rampMs,
    }
    return { salt, quantilesUs: quantilesOf(profile.base), schedule }
  }
  return { salt, quantilesUs: quantilesOf(profile) }
}

/**
 * The intended delay for this token, in microseconds. `atMs`: the token's time of issue (for what is no load token, of its
 * arrival), epoch milliseconds; only a schedule looks at it.
 */
export function drawLatencyUs(table: LatencyTable, tokenIndex: number, atMs: number): number {
  const { quantilesUs, schedule } = table
  if (quantilesUs.length === 0) return 0
  const draw = mixPair(table.salt, tokenIndex) >>> 20
  if (schedule === undefined) return quantilesUs[draw] ?? 0
  if (schedule.kind === 'step') return quantilesUs[atMs >= schedule.atEpochMs ? draw + QUANTILE_STEPS : draw] ?? 0
  return Math.round((quantilesUs[draw] ?? 0) * factorAt(schedule, atMs))
}

/** The 99th percentile at the profile's slowest time, in microseconds; 0 when there is no delay. */
export function slowestP99Us({ quantilesUs, schedule }: LatencyTable): number {
  const p99 = Math.floor(QUANTILE_STEPS * 0.99)
  const first = quantilesUs[p99] ?? 0
  if (schedule === undefined) return first
  return schedule.kind === 'step' ? Math.max(first, quantilesUs[QUANTILE_STEPS + p99] ?? 0) : first * Math.max(1, schedule.factor)
}

function factorAt(schedule: Extract<LatencySchedule, { kind: 'brown-out' }>, atMs: number): number {
  const { factor, fromEpochMs, toEpochMs, rampMs } = schedule
  if (atMs < fromEpochMs || atMs >= toEpochMs) return 1
  const inside = Math.min(atMs - fromEpochMs, toEpochMs - atMs)
  return inside >= rampMs ? factor : 1 + ((factor - 1) * inside) / rampMs
}

/** A step's halves must be of one length, also when one of them has no delay. */
function fullTable(quantilesUs: readonly number[]): readonly number[] {
  return quantilesUs.length > 0 ? quantilesUs : new Array<number>(QUANTILE_STEPS).fill(0)
}
