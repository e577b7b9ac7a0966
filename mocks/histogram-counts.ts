import { FINE_LOG_BASE, type Histogram } from '../src/contract/histogram.ts'

/** Buckets from one nanosecond to twelve days, in milliseconds, at FINE_LOG_BASE. */
const LOWEST = -1280
const SLOTS = 1280 + 1920
const PER_LOG = 1 / FINE_LOG_BASE

/** A histogram that is written often and read seldom: one array slot per bucket, no allocation per value. */
export class HistogramCounts {
  readonly #slots = new Float64Array(SLOTS)
  #zeroCount = 0
  #count = 0
  #sum = 0

  add(value: number): void {
    this.#count++
    this.#sum += value
    if (value <= 0) {
      this.#zeroCount++
      return
    }
    // The small step back keeps a value that lies on a bound in the bucket it bounds, as histogramOf does.
    const bucket = Math.ceil(Math.log(value) * PER_LOG - 1e-9)
    const slot = Math.min(SLOTS - 1, Math.max(0, bucket - LOWEST))
    this.#slots[slot] = (this.#slots[slot] ?? 0) + 1
  }

  histogram(): Histogram {
    const buckets: [number, number][] = []
    this.#slots.forEach((n, slot) => {
      if (n > 0) buckets.push([slot + LOWEST, n])
    })
    return { logBase: FINE_LOG_BASE, buckets, zeroCount: this.#zeroCount, count: this.#count, sum: this.#sum }
  }
}
