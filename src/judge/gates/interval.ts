import type { GateComparator } from '../../contract/gate-expression.ts'
import { exhaustive } from '../../contract/json.ts'

/** The truth lies between the two, ends included. */
export interface Interval {
  low: number
  high: number
}

/** Does what is compared hold, wherever in their intervals the two figures lie? `open` when that depends on where. */
export function holds(figure: Interval, comparator: GateComparator, bound: Interval): 'pass' | 'fail' | 'open' {
  switch (comparator) {
    case '<':
      return figure.high < bound.low ? 'pass' : figure.low >= bound.high ? 'fail' : 'open'
    case '<=':
      return figure.high <= bound.low ? 'pass' : figure.low > bound.high ? 'fail' : 'open'
    case '>':
      return figure.low > bound.high ? 'pass' : figure.high <= bound.low ? 'fail' : 'open'
    case '>=':
      return figure.low >= bound.high ? 'pass' : figure.high < bound.low ? 'fail' : 'open'
    case '=':
      return figure.low === figure.high && bound.low === bound.high
        ? figure.low === bound.low
          ? 'pass'
          : 'fail'
        : figure.high < bound.low || figure.low > bound.high
          ? 'fail'
          : 'open'
    default:
      return exhaustive(comparator)
  }
}

/** Two-sided 95 % of a normal distribution. */
const Z = 1.96

/** Ranks between which the q-quantile of what was sampled lies at 95 %, as shares of the samples: order statistics. */
export function rankInterval(q: number, samples: number): Interval {
  const half = Z * Math.sqrt((q * (1 - q)) / samples)
  return { low: Math.max(0, q - half), high: Math.min(1, q + half) }
}

/** Wilson's interval of a share at 95 %. */
export function shareInterval(part: number, samples: number): Interval {
  const share = part / samples
  const middle = (share + (Z * Z) / (2 * samples)) / (1 + (Z * Z) / samples)
  const half = (Z / (1 + (Z * Z) / samples)) * Math.sqrt((share * (1 - share)) / samples + (Z * Z) / (4 * samples * samples))
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) }
}

/** A count over time: its square root is its spread. */
export function rateInterval(count: number, seconds: number): Interval {
  const half = Z * Math.sqrt(count)
  return { low: Math.max(0, count - half) / seconds, high: (count + half) / seconds }
}
