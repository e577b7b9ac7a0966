import type { Outcome } from './verdict.ts'

/**
 * Figures that some attacks show beside their verdict, kept with the judgement and so recomputable from the ledger. Reports draw
 * them; the result document lifts maps and levels to fields of their own.
 */
export type Figures =
  | { kind: 'race-bound'; races: readonly RaceBound[] }
  | { kind: 'fail-closed-map'; map: FailClosedMap }
  | { kind: 'attack-cost'; cost: AttackCost }
  | { kind: 'reissue-level'; level: ReissueLevel }

/** How the requests of a race were held back: all on one HTTP/2 connection, or each on its own HTTP/1.1 connection. */
export const RACE_METHODS = ['h2-last-frame', 'h1-last-byte'] as const
export type RaceMethod = (typeof RACE_METHODS)[number]

/** What clean rounds of a race prove. */
export interface RaceBound {
  /** What would have been a hit, for instance `second winner`. */
  of: string
  /** Rounds that could show something and showed nothing. */
  rounds: number
  /** Requests released together in each. */
  width: number
  method: RaceMethod
  /** Median over the rounds of the time between the first and the last release, milliseconds. */
  spreadMs: number
  /** Median share (0-1) of a round's requests that had left before the first answer came back. */
  overlap: number
  /** Upper bound of the chance of a hit in one round, at `confidence` (both 0-1). */
  below: number
  confidence: number
}

/** `no second winner in 100 rounds of 20, spread 0.20 ms: below 3 % at 95 %`. */
export function boundText({ of, rounds, width, spreadMs, below, confidence }: RaceBound): string {
  const inRounds = rounds === 1 ? 'one round' : `${rounds} rounds`
  return `no ${of} in ${inRounds} of ${width}, spread ${spreadMs.toFixed(2)} ms: below ${Math.ceil(below * 100)} % at ${confidence * 100} %`
}

/** What goes wrong while the enemy tries. */
export const FAIL_CLOSED_TROUBLES = [
  'carrier-slow',
  'carrier-5xx',
  'carrier-garbage',
  'carrier-ambiguous',
  'carrier-cross-talk',
  'nonce-store-slow',
  'nonce-store-down',
] as const
export type FailClosedTrouble = (typeof FAIL_CLOSED_TROUBLES)[number]

export const FAIL_CLOSED_LOADS = ['idle', 'loaded'] as const
export type FailClosedLoad = (typeof FAIL_CLOSED_LOADS)[number]

/** What the enemy presents: an invented carrier token; a used nonce or a spent token; what a number's former holder kept. */
export const FAIL_CLOSED_ENEMIES = ['forged', 'replayed', 'reissued'] as const
export type FailClosedEnemy = (typeof FAIL_CLOSED_ENEMIES)[number]

export const FAIL_CLOSED_STATES = ['refused', 'errored', 'accepted', 'inconclusive', 'not-applicable'] as const
export type FailClosedState = (typeof FAIL_CLOSED_STATES)[number]

/** One cell: this enemy, during this trouble, at this load. A cell may slow down, never open. */
export interface FailClosedCell {
  trouble: FailClosedTrouble
  load: FailClosedLoad
  enemy: FailClosedEnemy
  /** `accepted` when one try was; else `errored` when one was (also by silence), else `refused`. */
  state: FailClosedState
  tries: number
  accepted: number
  refused: number
  errored: number
  /** Slowest answer, milliseconds; null when nothing was tried. */
  slowestMs: number | null
  /** Why, for a cell that shows nothing; what was accepted, for an open one. */
  text: string
  /** Of the attack's transcript. */
  exchanges: readonly number[]
}

export interface FailClosedMap {
  outcome: Extract<Outcome, 'pass' | 'fail' | 'inconclusive'>
  cells: readonly FailClosedCell[]
  /** Background load of the loaded half; null when there was none. */
  load: BackgroundFacts | null
}

/** Honest load that ran beside attacks. */
export type BackgroundFacts = {
  /** Part of the capacity, 0-1. */
  share: number
  /** Honest logins a second that the target managed when saturated. */
  capacityPerSecond: number
  /** Honest logins a second that were offered beside the attacks. */
  offeredPerSecond: number
}

/** What honest load beside the attacks came to, over all the time it ran. */
export interface BackgroundOutcome {
  facts: BackgroundFacts
  granted: number
  grantedPerSecond: number
  /** Logins that ended, in any way. */
  exchanges: number
  ranMs: number
}

/** What an attack costs whom, and what honest users feel of it. */
export interface AttackCost {
  /** What one forged request cost the owner, by kind of forgery. */
  perForged: readonly {
    kind: string
    requests: number
    carrierCalls: number
    billedCalls: number
    messages: number
    /** Median time the target worked on it, milliseconds; includes what the carrier took. */
    workMs: number
    /** CPU milliseconds of the target per request; null when the harness did not start it. */
    cpuMs: number | null
  }[]
  /** Honest logins while enemies send a growing share of all requests; the first has no enemies. */
  honest: readonly {
    /** Share of enemies' requests, 0-1, as it was sent. */
    enemyShare: number
    sent: number
    granted: number
    /** Honest logins granted per second. */
    goodputPerSecond: number
    p50Ms: number | null
    p99Ms: number | null
  }[]
  /** Can an enemy who knows a number keep its owner out? `none`: the owner logged in throughout. */
  victim: { state: 'none' | 'locked-out' | 'unknown'; tries: number; lockedForMs: number | null; text: string }
}

/** How long a former holder's credential goes on working after the number was given to somebody else. */
export interface ReissueLevel {
  /** Milliseconds the target has. */
  withinMs: number
  series: readonly {
    notices: 'delivered' | 'lost'
    /** Ascending, milliseconds from the carrier's event to the last acceptance; cut at `watchedMs`. */
    lastAcceptedMs: readonly number[]
    /** Credentials that still worked when watching ended: their true time is longer. */
    stillAlive: number
    watchedMs: number
    p50Ms: number | null
    p99Ms: number | null
  }[]
  /** Numbers that got a new SIM card or another carrier, and whose owners' sessions went on. */
  unharmed: readonly { kind: 'sim-replaced' | 'ported'; numbers: number; kept: number }[]
}
