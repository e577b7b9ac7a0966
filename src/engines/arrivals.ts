import { arrivalAtMs, type OpenShape, plannedArrivals } from '../contract/shape.ts'

/** Which part of the whole load one generator offers: every `of`-th arrival, from number `index` on. */
export interface Segment {
  index: number
  of: number
}

export const WHOLE: Segment = { index: 0, of: 1 }

/**
 * When each arrival of an open load is due, in milliseconds from its start. Segment k of n takes the arrivals k, k + n, k + 2n, …:
 * together the segments make exactly the whole, evenly at any moment, and an arrival's number is the same whoever offers it.
 */
export class Arrivals {
  private readonly shape: OpenShape
  private readonly segment: Segment
  private readonly planned: number
  private count = 0

  constructor(shape: OpenShape, segment: Segment = WHOLE) {
    this.shape = shape
    this.segment = segment
    this.planned = plannedArrivals(shape) ?? 0
  }

  /** The next arrival and its number among all segments; undefined when the load is over. Numbers and times only rise. */
  next(): { number: number; atMs: number } | undefined {
    const number = this.segment.index + this.count * this.segment.of
    if (number >= this.planned) return undefined
    this.count++
    return { number, atMs: arrivalAtMs(this.shape, number) }
  }
}

/** The whole number `whole` shared out among segments: the first ones get one more where it does not divide. */
export function shareOf(whole: number, { index, of }: Segment): number {
  return Math.floor(whole / of) + (index < whole % of ? 1 : 0)
}
