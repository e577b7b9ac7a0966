import { createHash } from 'node:crypto'

/** Counters that have run for long; a digest of each takes a microsecond. For attacks that run alone: everything waits meanwhile. */
export const LONG_COUNT = 200_000
/** For attacks that run beside others. */
export const SHORT_COUNT = 20_000
const AHEAD = 16
/** A target's clock and the moment of issue may lie so far from the `Date` header. */
const AROUND_S = 3

const ALGORITHMS = ['sha256', 'md5', 'sha1'] as const
const ENCODINGS = ['base64url', 'hex'] as const

/** What a value was made from, and what the next ones would be. */
export interface Seeded {
  structure: string
  candidates: string[]
}

/**
 * A long random-looking value may be the digest, whole or cut, of something small: a count, or the time. Found by trying all of them,
 * and then the next is known. No test of statistics sees this. `issuedAtS`: when the target says that it made the value, epoch seconds.
 */
export function seedBehind(value: string, largestCount: number, issuedAtS?: number): Seeded | undefined {
  return countBehind(value, largestCount) ?? (issuedAtS === undefined ? undefined : timeBehind(value, issuedAtS))
}

function countBehind(value: string, largestCount: number): Seeded | undefined {
  for (const { name, digest } of digestsLike(value))
    for (let n = 0; n < largestCount; n++) {
      if (digest(String(n)) !== value) continue
      return {
        structure: `${name} digests of a count`,
        candidates: Array.from({ length: AHEAD }, (_, i) => digest(String(n + i + 1))),
      }
    }
  return undefined
}

/** The next values depend on when they are asked for: those of the next seconds, or milliseconds. */
function timeBehind(value: string, issuedAtS: number): Seeded | undefined {
  const ranges = [
    { unit: 'seconds', from: issuedAtS - AROUND_S, to: issuedAtS + AROUND_S },
    { unit: 'milliseconds', from: (issuedAtS - AROUND_S) * 1000, to: (issuedAtS + AROUND_S) * 1000 },
  ]
  for (const { name, digest } of digestsLike(value))
    for (const { unit, from, to } of ranges)
      for (let time = from; time <= to; time++) {
        if (digest(String(time)) !== value) continue
        const candidates = Array.from({ length: AHEAD }, (_, i) => digest(String(time + i + 1)))
        return { structure: `${name} digests of the time in ${unit}`, candidates }
      }
  return undefined
}

/** Digests whose text is long enough, in the letters of the value; cut to its length. */
function digestsLike(value: string): { name: string; digest: (text: string) => string }[] {
  const fits = (encoding: (typeof ENCODINGS)[number]): boolean =>
    (encoding === 'hex' ? /^[0-9a-f]{16,}$/ : /^[\w-]{16,}$/).test(value)
  return ALGORITHMS.flatMap(algorithm =>
    ENCODINGS.filter(fits).flatMap(encoding => {
      const digest = (text: string): string => createHash(algorithm).update(text).digest(encoding).slice(0, value.length)
      return digest('').length === value.length ? [{ name: algorithm, digest }] : []
    }),
  )
}
