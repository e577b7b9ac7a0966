/**
 * Integer mixing that is the same in Node and inside k6. Everything drawn per token comes from its index through
 * these few operations; never from its text (a character loop costs k6 a third of its throughput).
 */

/** A 32-bit finaliser (xor-shift-multiply, full avalanche). Input and output are unsigned 32-bit integers. */
export function mix32(value: number): number {
  let x = value | 0
  x ^= x >>> 16
  x = Math.imul(x, 0x21f0aaad)
  x ^= x >>> 15
  x = Math.imul(x, 0x735a2d97)
  x ^= x >>> 15
  return x >>> 0
}

/** One word out of two; not symmetric. */
export function mixPair(a: number, b: number): number {
  return mix32(mix32(a ^ 0x9e3779b9) + b)
}

/** Folds a name into a 32-bit salt. Loops over characters, so call it once at start, never per request. */
export function saltOf(name: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < name.length; i++) h = mix32(h ^ name.charCodeAt(i))
  return h
}

/** A seeded source of chance for places outside the hot path. */
export interface Rng {
  /** Unsigned 32-bit integer. */
  u32(): number
  /** Integer in [0, below). */
  below(limit: number): number
  /** One element; throws on an empty list. */
  pick<T>(items: readonly T[]): T
  /** Text of `length` characters out of `alphabet`. */
  text(length: number, alphabet: string): string
  /** An independent stream, the same for the same label. */
  fork(label: string): Rng
}

export function seededRng(seed: number): Rng {
  let counter = 0
  const u32 = (): number => mixPair(seed >>> 0, counter++ >>> 0)
  const below = (limit: number): number => Math.floor((u32() / 0x1_0000_0000) * limit)
  return {
    u32,
    below,
    pick(items) {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('pick from an empty list')
      return item
    },
    text(length, alphabet) {
      let out = ''
      for (let i = 0; i < length; i++) out += alphabet.charAt(below(alphabet.length))
      return out
    },
    fork: label => seededRng(mixPair(seed >>> 0, saltOf(label))),
  }
}
