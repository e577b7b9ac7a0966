import { FINE_LOG_BASE, type Histogram } from '../contract/histogram.ts'

/** Counts values one at a time into the buckets of a Histogram. */
export class HistogramBuilder {
  private readonly counts = new Map<number, number>()
  private zeroCount = 0
  private count = 0

  add(value: number): void {
    this.count++
    if (value <= 0) {
      this.zeroCount++
      return
    }
    const index = Math.ceil(Math.log(value) / FINE_LOG_BASE - 1e-9)
    this.counts.set(index, (this.counts.get(index) ?? 0) + 1)
  }

  build(): Histogram {
    const buckets = [...this.counts].sort((a, b) => a[0] - b[0])
    return { logBase: FINE_LOG_BASE, buckets, zeroCount: this.zeroCount, count: this.count }
  }
}
