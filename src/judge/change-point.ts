import { type Rng, seededRng } from '../contract/rng.ts'

/** Of a split: index of the first value of the new level, and the chance of one as clear had nothing changed. */
export interface Split {
  at: number
  chance: number
}

/** Orders that are drawn to learn what chance does. The smallest chance that can be told from none is one in so many. */
const SHUFFLES = 4999
/** Fewer values on a side than this are an outlier, not a level. */
const SIDE_AT_LEAST = 4
const SEED = 0x7e77

/** Without this many values no split can be clear enough for one in a hundred, whatever they are. */
export const VALUES_FOR_CHANGE = 10

/**
 * Pettitt's test (1979) for one change of level: the largest rank sum of a beginning against the rest. Its null distribution is
 * drawn by shuffling the very values, with a fixed seed, so ties and few values need no approximation. Where the chance is at most
 * `alpha`, both sides are looked at again by themselves. Splits in order; pure: the same values give the same splits.
 *
 * Had nothing changed, a split is reported with at most chance `alpha`: sides are only looked at after the whole has failed the test.
 * That holds for values that do not hang together; runs that follow each other on a machine that drifts do.
 */
export function changePoints(values: readonly number[], alpha: number): Split[] {
  const split = pettitt(values, seededRng(SEED))
  if (split === undefined || split.chance > alpha) return []
  const later = changePoints(values.slice(split.at), alpha).map(one => ({ ...one, at: one.at + split.at }))
  return [...changePoints(values.slice(0, split.at), alpha), split, ...later]
}

/** The clearest split and its chance; undefined with too few values to have one. */
export function pettitt(values: readonly number[], rng: Rng): Split | undefined {
  if (values.length < VALUES_FOR_CHANGE) return undefined
  const ranks = centredRanks(values)
  const seen = clearest(ranks)
  if (seen.height === 0) return undefined
  let asClear = 0
  for (let i = 0; i < SHUFFLES; i++) if (clearest(shuffle(ranks, rng)).height >= seen.height) asClear++
  return { at: seen.at, chance: (asClear + 1) / (SHUFFLES + 1) }
}

/** Twice the mid-rank less what it would be on average: whole numbers whose sum is 0. */
function centredRanks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b)
  const first = new Map<number, number>()
  const last = new Map<number, number>()
  sorted.forEach((value, i) => {
    if (!first.has(value)) first.set(value, i)
    last.set(value, i)
  })
  return values.map(value => (first.get(value) ?? 0) + (last.get(value) ?? 0) + 1 - values.length)
}

/** Where the sum of a beginning is farthest from 0, sides long enough. */
function clearest(ranks: readonly number[]): { at: number; height: number } {
  let sum = 0
  let best = { at: 0, height: 0 }
  for (let i = 0; i < ranks.length - SIDE_AT_LEAST; i++) {
    sum += ranks[i] ?? 0
    if (i + 1 >= SIDE_AT_LEAST && Math.abs(sum) > best.height) best = { at: i + 1, height: Math.abs(sum) }
  }
  return best
}

/** Fisher-Yates, in place: a shuffled order shuffled again is as random as the first. */
function shuffle(ranks: number[], rng: Rng): number[] {
  for (let i = ranks.length - 1; i > 0; i--) {
    const j = rng.below(i + 1)
    const [a, b] = [ranks[i] ?? 0, ranks[j] ?? 0]
    ranks[i] = b
    ranks[j] = a
  }
  return ranks
}
