import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix32, mixPair, saltOf, seededRng } from '../../../src/contract/rng.ts'

const words = fc.integer({ min: 0, max: 0xffff_ffff })

const bitsSet = (value: number): number => value.toString(2).replaceAll('0', '').length

describe('mix32', () => {
  it('gives unsigned 32-bit integers, the same every time', () => {
    fc.assert(
      fc.property(words, value => {
        const mixed = mix32(value)
        expect(Number.isInteger(mixed) && mixed >= 0 && mixed <= 0xffff_ffff).toBe(true)
        expect(mix32(value)).toBe(mixed)
      }),
    )
  })

  it('keeps the values it had when tokens were first minted: both sides of the wire rely on it', () => {
    expect([mix32(0), mix32(1), mix32(0xffff_ffff), mixPair(1, 2), saltOf('latency')]).toEqual([
      0, 2_261_973_619, 2_578_835_075, 3_429_932_552, 3_532_649_251,
    ])
  })

  it('maps different words to different words', () => {
    const seen = new Set<number>()
    for (let i = 0; i < 200_000; i++) seen.add(mix32(i))
    expect(seen.size).toBe(200_000)
  })

  it('flips about half the output bits for one input bit', () => {
    for (let bit = 0; bit < 32; bit++) {
      let flipped = 0
      for (let i = 0; i < 2_000; i++) flipped += bitsSet((mix32(i * 7919) ^ mix32((i * 7919) ^ (1 << bit))) >>> 0)
      expect(flipped / 2_000, `bit ${bit}`).toBeGreaterThan(15)
      expect(flipped / 2_000, `bit ${bit}`).toBeLessThan(17)
    }
  })
})

describe('mixPair', () => {
  it('is not symmetric', () => {
    fc.assert(
      fc.property(words, words, (a, b) => {
        fc.pre(a !== b)
        expect(mixPair(a, b)).not.toBe(mixPair(b, a))
      }),
    )
  })

  it('never maps two second words to one for the same first: token indices under one seed stay apart', () => {
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        fc.pre(b !== c)
        expect(mixPair(a, b)).not.toBe(mixPair(a, c))
      }),
    )
  })
})

describe('seeded chance', () => {
  const draws = (seed: number, n = 20): number[] => {
    const rng = seededRng(seed)
    return Array.from({ length: n }, () => rng.u32())
  }

  it('repeats for the same seed and not for another', () => {
    expect(draws(1)).toEqual(draws(1))
    expect(draws(1)).not.toEqual(draws(2))
    expect(new Set(draws(1, 10_000)).size).toBeGreaterThan(9_990)
  })

  it('stays below the limit and reaches every number under it equally', () => {
    const rng = seededRng(3)
    const counts = new Array<number>(10).fill(0)
    for (let i = 0; i < 50_000; i++) {
      const drawn = rng.below(10)
      counts[drawn] = counts[drawn]! + 1
    }
    expect(counts).toHaveLength(10)
    for (const count of counts) expect(Math.abs(count - 5_000)).toBeLessThan(400)
  })

  it('picks only what is in the list, and refuses an empty one', () => {
    const rng = seededRng(4)
    const picked = new Set(Array.from({ length: 200 }, () => rng.pick(['a', 'b', 'c'])))
    expect([...picked].sort()).toEqual(['a', 'b', 'c'])
    expect(() => rng.pick([])).toThrow('empty list')
  })

  it('writes text of the length and alphabet asked for', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 64 }), (seed, length) => {
        expect(seededRng(seed).text(length, 'xyz')).toMatch(new RegExp(`^[xyz]{${length}}$`))
      }),
    )
  })

  it('forks into a stream of its own, whatever was drawn before', () => {
    const fresh = seededRng(5)
    const used = seededRng(5)
    used.text(100, 'ab')
    expect(used.fork('nonce').u32()).toBe(fresh.fork('nonce').u32())
    expect(fresh.fork('nonce').u32()).not.toBe(fresh.fork('race').u32())
    expect(fresh.fork('nonce').u32()).not.toBe(seededRng(5).u32())
  })
})
