import { median } from './bound.ts'
import { superiority } from './rank.ts'

/** What times of interleaved requests show. Milliseconds. */
export interface TimingReading {
  state: 'apart' | 'noisy' | 'alike'
  /** Median of the known less that of the unknown. */
  differenceMs: number
  /** What two classes that are alike differ by: a difference below it would not be seen. */
  noiseMs: number
  /** Share of pairs in which the same class was slower, 0.5 to 1. */
  apart: number
}

/** Below this a difference would not be seen through a network in a few tries. */
export const LEAST_DIFFERENCE_MS = 10
/** Share of pairs in which the one class is slower; by chance rarer than bench/statistics.ts says. */
const APART = 0.97

/**
 * Compares two classes that should take the same time, `known` and `unknown`, with a third as a check: `one` and `other` are both known
 * and taken in turn with the unknown (A/A before A/B). What differs between those two as much as between the classes is noise.
 */
export function readTiming(one: readonly number[], other: readonly number[], unknown: readonly number[]): TimingReading {
  const known = [...one, ...other]
  const slower = superiority(known, unknown)
  const differenceMs = median(known) - median(unknown)
  const noiseMs = 2 * Math.abs(median(one) - median(other))
  const apart = Math.max(slower, 1 - slower)
  const differs = apart >= APART && Math.abs(differenceMs) >= LEAST_DIFFERENCE_MS
  return { state: !differs ? 'alike' : noiseMs > Math.abs(differenceMs) ? 'noisy' : 'apart', differenceMs, noiseMs, apart }
}
