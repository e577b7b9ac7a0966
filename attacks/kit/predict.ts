/** One way to read a value as a number and to write a number in the same form. */
interface Reading {
  name: string
  read(text: string): bigint | undefined
  write(value: bigint, like: string): string
}

const hex: Reading = {
  name: 'hexadecimal',
  read: text => (/^[0-9a-f]+$/i.test(text) ? BigInt(`0x${text}`) : undefined),
  write: (value, like) => value.toString(16).padStart(like.length, '0'),
}
const decimal: Reading = {
  name: 'decimal',
  read: text => (/^\d+$/.test(text) ? BigInt(text) : undefined),
  write: (value, like) => value.toString().padStart(like.length, '0'),
}
const base64url: Reading = {
  name: 'base64',
  read: text => (/^[\w-]+$/.test(text) ? BigInt(`0x${Buffer.from(text, 'base64url').toString('hex') || '0'}`) : undefined),
  write: (value, like) => {
    const length = Buffer.from(like, 'base64url').length
    return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex').toString('base64url')
  },
}
const READINGS: readonly Reading[] = [decimal, hex, base64url]

/** Every value is small beside 128 random bits: a counter, a time, or a counter behind a fixed beginning. */
const LARGEST_STEP = 1n << 40n
/** Others may fetch values in between. */
const STEPS_AHEAD = 12

/**
 * The values that would come next, if these, in the order they were handed out, are steps of a count: all in one direction and
 * close to each other. Empty when no such structure is found. Random values of 64 bits and more are never this close.
 */
export function nextValues(values: readonly string[]): { structure: string; candidates: string[] } | undefined {
  const last = values.at(-1)
  if (last === undefined || values.length < 4) return undefined
  for (const reading of READINGS) {
    const numbers = values.map(reading.read)
    const steps = numbers.slice(1).map((value, i) => {
      const before = numbers[i]
      return value === undefined || before === undefined ? undefined : value - before
    })
    if (!steps.every((step): step is bigint => step !== undefined && step > 0n && step < LARGEST_STEP)) continue
    const [first = 1n, ...rest] = steps
    const unit = rest.reduce(greatestCommonDivisor, first)
    const lastNumber = numbers.at(-1) ?? 0n
    const candidates = Array.from({ length: STEPS_AHEAD }, (_, i) => reading.write(lastNumber + unit * BigInt(i + 1), last))
    return { structure: `${reading.name} numbers that rise in steps of ${unit}`, candidates }
  }
  return undefined
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b)
}
