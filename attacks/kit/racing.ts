import type { Judgement, RaceLimits, RaceResult } from '../../src/contract/attack.ts'
import { boundText, type RaceBound, type RaceMethod } from '../../src/contract/figures.ts'
import { boundAfterCleanRounds, median, roundsForBound } from './bound.ts'
import { pass } from './judging.ts'

/** How well a round's requests met, as measured. */
export type Meeting = { spreadMs: number; method: RaceMethod; overlap: number }

/** Requests further apart than this do not race on loopback: the window of a check-then-act is often shorter. */
export const WIDEST_SPREAD_MS = 5
/** A round shows something when at least this share of it had left before the first answer came. */
const LEAST_OVERLAP = 0.5
/** Rounds that show nothing are made up for, up to so many times the rounds wanted. */
const MOST_TIMES = 2

export function meetingOf({ spreadMs, method, overlap }: RaceResult): Meeting {
  return { spreadMs, method, overlap }
}

/** Whether the requests of a round were under way together. */
export function met({ spreadMs, overlap }: Meeting): boolean {
  return spreadMs <= WIDEST_SPREAD_MS && overlap >= LEAST_OVERLAP
}

/** Clean rounds to run: as many as asked for, or as many as the bound asked for takes. */
export function roundsWanted({ raceRounds, raceBelow }: RaceLimits): number {
  return raceBelow === undefined ? raceRounds : roundsForBound(raceBelow)
}

/**
 * Runs rounds until one hits, or enough have shown nothing although they could. Rounds that could show nothing (torn apart by a
 * busy machine, or without any winner) are made up for, up to twice the number. `atMost` caps both where a round is dear.
 */
export async function raceOn<Round>(
  limits: RaceLimits,
  oneRound: () => Promise<Round>,
  { isHit, couldShow, atMost = Number.POSITIVE_INFINITY }: RoundReading<Round>,
): Promise<Round[]> {
  const wanted = Math.min(atMost, roundsWanted(limits))
  const rounds: Round[] = []
  while (rounds.filter(couldShow).length < wanted && rounds.length < Math.min(wanted * MOST_TIMES, atMost)) {
    const round = await oneRound()
    rounds.push(round)
    if (isHit(round)) break
  }
  return rounds
}

export interface RoundReading<Round> {
  isHit(round: Round): boolean
  couldShow(round: Round): boolean
  atMost?: number
}

/** Whether so few of the rounds could show anything that the clean ones may be chance. */
export function tooFewShow(clean: number, all: number): boolean {
  return clean === 0 || clean * MOST_TIMES < all
}

/** What clean rounds prove. `of`: what would have been a hit, in a word or two. */
export function raceBound(of: string, clean: readonly Meeting[], width: number): RaceBound {
  return {
    of,
    rounds: clean.length,
    width,
    method: clean[0]?.method ?? 'h1-last-byte',
    spreadMs: median(clean.map(({ spreadMs }) => spreadMs)),
    overlap: median(clean.map(({ overlap }) => overlap)),
    below: boundAfterCleanRounds(clean.length),
    confidence: 0.95,
  }
}

/** A pass that says what its races prove, in words and in figures. `before`: what else held, a sentence. */
export function passRaced(races: readonly RaceBound[], before = ''): Judgement {
  const text = races.map(boundText).join('; ')
  const claim = before === '' ? `${text.charAt(0).toUpperCase()}${text.slice(1)}.` : `${before} At once: ${text}.`
  return { ...pass(claim), figures: { kind: 'race-bound', races } }
}
