import type { SeriesTotal } from '../contract/engine.ts'

export type ExactFigures = NonNullable<SeriesTotal['exact']>

/** Values kept at most, all series together: 16 MB. Above it the histograms have to do. */
const MOST_SAMPLES = 2_000_000

/** Keeps every value of a load that is not too long, so that its quantiles are exact as those of k6's own summary are. */
export class ExactSamples {
  private readonly values = new Map<string, { samples: Float64Array; count: number }>()
  private readonly most: number
  private total = 0

  constructor(most: number = MOST_SAMPLES) {
    this.most = most
  }

  /** `key` names a series and outcome; a value below zero counts as zero, as it does in k6. */
  add(key: string, ms: number): void {
    if (++this.total > this.most) {
      this.values.clear()
      return
    }
    let kept = this.values.get(key)
    if (kept === undefined) {
      kept = { samples: new Float64Array(1024), count: 0 }
      this.values.set(key, kept)
    } else if (kept.count === kept.samples.length) {
      const larger = new Float64Array(kept.count * 2)
      larger.set(kept.samples)
      kept.samples = larger
    }
    kept.samples[kept.count++] = Math.max(0, ms)
  }

  /** Undefined without values, and when there were too many to keep. */
  figures(key: string): ExactFigures | undefined {
    const kept = this.values.get(key)
    if (kept === undefined || kept.count === 0 || this.total > this.most) return undefined
    const sorted = kept.samples.slice(0, kept.count).sort()
    const at = (q: number): number => interpolated(sorted, q)
    return { min: at(0), max: at(1), p50: at(0.5), p90: at(0.9), p95: at(0.95), p99: at(0.99), p999: at(0.999) }
  }
}

/** Between two samples on a straight line, as k6 does it. */
function interpolated(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}
