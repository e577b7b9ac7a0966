/**
 * A histogram that adds up: exponential buckets, bucket i holds values in (base^(i-1), base^i]. Sparse, plain data, mergeable
 * across seconds, instances and machines; percentiles are read from the merged whole and never averaged.
 */
export interface Histogram {
  /** Natural logarithm of the bucket base. ln 2 / 64 gives buckets 1.09 % wide, so a midpoint is off by 0.55 % at most. */
  logBase: number
  /** [bucket index, count], ascending by index, no zero counts. */
  buckets: [number, number][]
  /** Values at or below zero. */
  zeroCount: number
  count: number
  /** Sum of the values where it is known exactly, else undefined. */
  sum?: number
}

export const FINE_LOG_BASE = Math.LN2 / 64

export function emptyHistogram(logBase = FINE_LOG_BASE): Histogram {
  return { logBase, buckets: [], zeroCount: 0, count: 0 }
}

/** Merges histograms of one base into a new one. Throws on different bases: that would be a wrong figure. */
export function mergeHistograms(parts: readonly Histogram[]): Histogram {
  const logBase = parts[0]?.logBase ?? FINE_LOG_BASE
  const counts = new Map<number, number>()
  let zeroCount = 0
  let count = 0
  let sum: number | undefined = 0
  for (const part of parts) {
    if (Math.abs(part.logBase - logBase) > 1e-12) throw new Error('histograms of different resolution do not add up')
    for (const [index, n] of part.buckets) counts.set(index, (counts.get(index) ?? 0) + n)
    zeroCount += part.zeroCount
    count += part.count
    // A part without samples adds nothing, whether it says so or not: it must not cost the others their sum.
    const partSum = part.sum ?? (part.count === 0 ? 0 : undefined)
    sum = sum === undefined || partSum === undefined ? undefined : sum + partSum
  }
  const buckets = [...counts.entries()].filter(([, n]) => n > 0).sort((a, b) => a[0] - b[0])
  return { logBase, buckets, zeroCount, count, ...(sum === undefined ? {} : { sum }) }
}

/** Adds values to a fresh histogram. */
export function histogramOf(values: Iterable<number>, logBase = FINE_LOG_BASE): Histogram {
  const counts = new Map<number, number>()
  let zeroCount = 0
  let count = 0
  let sum = 0
  for (const value of values) {
    count++
    sum += value
    if (value <= 0) zeroCount++
    else {
      const index = Math.ceil(Math.log(value) / logBase - 1e-9)
      counts.set(index, (counts.get(index) ?? 0) + 1)
    }
  }
  return { logBase, buckets: [...counts.entries()].sort((a, b) => a[0] - b[0]), zeroCount, count, sum }
}

/**
 * The q-quantile (0 to 1), in the unit of the values, interpolated inside the bucket on the logarithmic scale.
 * Undefined when there are no samples: a missing figure is never 0.
 */
export function quantile(histogram: Histogram, q: number): number | undefined {
  if (histogram.count === 0) return undefined
  const rank = q * histogram.count
  let seen = histogram.zeroCount
  if (rank <= seen && histogram.zeroCount > 0) return 0
  let last = 0
  for (const [index, n] of histogram.buckets) {
    last = index
    if (seen + n >= rank) {
      const inside = Math.min(1, Math.max(0, (rank - seen) / n))
      return Math.exp(histogram.logBase * (index - 1 + inside))
    }
    seen += n
  }
  return Math.exp(histogram.logBase * last)
}

/** Largest relative error of a quantile read from this histogram: the width of one bucket. */
export function quantileError(histogram: Histogram): number {
  return Math.exp(histogram.logBase) - 1
}
