/**
 * Tests for values that should be random, all on their bits. Together they accuse a sound generator less than once in ten thousand
 * looks (each test gets its part of that: Bonferroni); how often they really do is measured by bench/statistics.ts. What they do not
 * see is a digest of something small (seeds.ts), so `no structure found` never means `unpredictable`.
 */
export interface Randomness {
  samples: number
  /** Bits that are not the same in every value. */
  freeBits: number
  /** Values that had been handed out before. */
  repeated: number
  /** What was found, in words; empty when nothing was. */
  structures: string[]
}

const FALSE_ALARMS = 1e-4
/** Fewer show nothing: a bit may be the same in all of eight values by chance. */
export const FEWEST_SAMPLES = 32

/** `values` in the order they were handed out. Values that are neither hexadecimal nor base64url are looked at for repeats only. */
export function examineRandomness(values: readonly string[]): Randomness {
  const repeated = values.length - new Set(values).size
  const rows = values.map(bitsOf)
  const width = Math.min(...rows.map(row => row?.length ?? 0))
  const found: Randomness = { samples: values.length, freeBits: 0, repeated, structures: [] }
  if (repeated > 0) found.structures.push(`${repeated} of ${values.length} were handed out before`)
  if (values.length < FEWEST_SAMPLES || !Number.isFinite(width) || width === 0) return found
  const bits = rows.map(row => (row ?? []).slice(0, width))
  // What stands in every value alike is form (a version, a prefix), and carries no chance.
  const free = Array.from({ length: width }, (_, at) => at).filter(at => bits.some(row => row[at] !== bits[0]?.[at]))
  found.freeBits = free.length
  // Two tests of each bit, two of the whole, and one of the order.
  const limit = zLimit(FALSE_ALARMS / (2 * free.length + 3))
  found.structures.push(...ofPositions(bits, free, limit), ...ofWhole(bits, free, limit), ...ofOrder(values))
  return found
}

function ofPositions(bits: readonly number[][], free: readonly number[], limit: number): string[] {
  const biased = free.filter(
    at =>
      zOfHalf(
        sum(bits, row => row[at] ?? 0),
        bits.length,
      ) > limit,
  )
  const sticky = free.filter(
    at =>
      zOfHalf(
        sum(bits.slice(1), (row, i) => (row[at] === bits[i]?.[at] ? 1 : 0)),
        bits.length - 1,
      ) > limit,
  )
  return [
    ...(biased.length > 0 ? [`${biased.length} of ${free.length} bits are not set half of the time`] : []),
    ...(sticky.length > 0 ? [`${sticky.length} of ${free.length} bits follow from the value before`] : []),
  ]
}

function ofWhole(bits: readonly number[][], free: readonly number[], limit: number): string[] {
  const all = bits.flatMap(row => free.map(at => row[at] ?? 0))
  const ones = all.reduce((total, bit) => total + bit, 0)
  const changes = all.slice(1).reduce((total, bit, i) => total + (bit === all[i] ? 0 : 1), 0)
  return [
    ...(zOfHalf(ones, all.length) > limit ? ['set and unset bits are not equally many'] : []),
    ...(zOfHalf(changes, all.length - 1) > limit ? ['bits follow from their neighbours'] : []),
  ]
}

/** Rising all along happens by chance once in n! times. */
function ofOrder(values: readonly string[]): string[] {
  const isRising = values.every((value, i) => i === 0 || (values[i - 1] ?? '') < value)
  return isRising ? ['each is greater than the one before'] : []
}

function bitsOf(value: string): number[] | undefined {
  const plain = value.replaceAll('-', '')
  const isHex = /^[0-9a-f]+$/i.test(plain)
  if (!isHex && !/^[\w-]+$/.test(value)) return undefined
  const bytes = isHex ? Buffer.from(plain.length % 2 === 0 ? plain : `0${plain}`, 'hex') : Buffer.from(value, 'base64url')
  return [...bytes].flatMap(byte => [7, 6, 5, 4, 3, 2, 1, 0].map(at => (byte >> at) & 1))
}

function sum<Item>(items: readonly Item[], of: (item: Item, i: number) => number): number {
  return items.reduce((total, item, i) => total + of(item, i), 0)
}

/** How far, in standard deviations, a count of fair coins is from its half; less half a coin, for it comes in whole ones. */
function zOfHalf(count: number, of: number): number {
  return of === 0 ? 0 : Math.max(0, Math.abs(count - of / 2) - 0.5) / Math.sqrt(of / 4)
}

/** The z that a normal value passes, on either side, with this chance: bisection on the tail (Abramowitz and Stegun 26.2.17). */
function zLimit(chance: number): number {
  let [low, high] = [0, 40]
  while (high - low > 1e-6) {
    const middle = (low + high) / 2
    if (2 * upperTail(middle) > chance) low = middle
    else high = middle
  }
  return high
}

function upperTail(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z)
  const poly = t * (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))))
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly
}
