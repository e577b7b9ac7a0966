import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import {
  imsiOf,
  indexOfNumber,
  maskNumber,
  NUMBER_PREFIXES,
  SUBSCRIBER_LIMIT,
  subscriberAt,
} from '../../../src/contract/people.ts'

const seeds = fc.integer({ min: 0, max: 0xffff_ffff })
const indices = fc.integer({ min: 0, max: SUBSCRIBER_LIMIT - 1 })

describe('subscribers', () => {
  it('come back from their number, for any seed and any of the ten million indices', () => {
    fc.assert(
      fc.property(seeds, indices, (seed, index) => {
        expect(indexOfNumber(seed, subscriberAt(seed, index).msisdn)).toBe(index)
      }),
      { numRuns: 2_000 },
    )
  })

  it('come back from their number at both ends of the range', () => {
    for (const index of [0, 1, 2, SUBSCRIBER_LIMIT - 3, SUBSCRIBER_LIMIT - 2, SUBSCRIBER_LIMIT - 1]) {
      expect(indexOfNumber(1, subscriberAt(1, index).msisdn)).toBe(index)
    }
  })

  it('never share a number: any two different indices have different numbers', () => {
    fc.assert(
      fc.property(seeds, indices, indices, (seed, a, b) => {
        fc.pre(a !== b)
        expect(subscriberAt(seed, a).msisdn).not.toBe(subscriberAt(seed, b).msisdn)
      }),
      { numRuns: 1_000 },
    )
  })

  it('never share a number within a block of neighbours, across all carriers', () => {
    const block = 30_000
    for (const start of [0, SUBSCRIBER_LIMIT - block]) {
      const numbers = new Set<string>()
      for (let i = start; i < start + block; i++) numbers.add(subscriberAt(7, i).msisdn)
      expect(numbers.size).toBe(block)
    }
  })

  it('hold eleven-digit numbers with a prefix of their own carrier', () => {
    fc.assert(
      fc.property(seeds, indices, (seed, index) => {
        const { carrier, msisdn } = subscriberAt(seed, index)
        expect(msisdn).toMatch(/^\d{11}$/)
        expect(NUMBER_PREFIXES[carrier]).toContain(msisdn.slice(0, 3))
      }),
      { numRuns: 1_000 },
    )
  })

  it('are dealt to the carriers in turn', () => {
    for (let i = 0; i < 9; i++) expect(subscriberAt(3, i).carrier).toBe(CARRIER_IDS[i % CARRIER_IDS.length])
  })

  it('are the same for the same seed and others for another seed', () => {
    expect(subscriberAt(5, 1_234)).toEqual(subscriberAt(5, 1_234))
    const moved = Array.from({ length: 100 }, (_, i) => subscriberAt(5, i).msisdn !== subscriberAt(6, i).msisdn)
    expect(moved.filter(Boolean)).toHaveLength(100)
  })

  it('use every prefix of a carrier about equally', () => {
    const perPrefix = new Map<string, number>()
    const visits = 60_000
    for (let k = 0; k < visits; k++) {
      const { carrier, msisdn } = subscriberAt(11, (k * 166) % SUBSCRIBER_LIMIT)
      const key = `${carrier} ${msisdn.slice(0, 3)}`
      perPrefix.set(key, (perPrefix.get(key) ?? 0) + 1)
    }
    for (const carrier of CARRIER_IDS) {
      for (const prefix of NUMBER_PREFIXES[carrier]) {
        const expected = visits / CARRIER_IDS.length / NUMBER_PREFIXES[carrier].length
        const found = perPrefix.get(`${carrier} ${prefix}`) ?? 0
        expect(found, `${carrier} ${prefix}`).toBeGreaterThan(expected * 0.5)
        expect(found, `${carrier} ${prefix}`).toBeLessThan(expected * 1.5)
      }
    }
  })
})

describe("the carriers' number ranges", () => {
  it('do not overlap', () => {
    const all = CARRIER_IDS.flatMap(carrier => [...NUMBER_PREFIXES[carrier]])
    expect(new Set(all).size).toBe(all.length)
  })

  it('hold only three-digit mobile prefixes: reading a number back relies on it', () => {
    for (const carrier of CARRIER_IDS) for (const prefix of NUMBER_PREFIXES[carrier]) expect(prefix).toMatch(/^1[3-9]\d$/)
  })
})

describe('reading a number', () => {
  it('finds nobody behind text that is no number of these carriers', () => {
    const strangers = ['', '138', '1380013800', '138001380000', '13800138o00', '+8613800138000', ' 13800138000', '10086100860']
    for (const stranger of strangers) expect(indexOfNumber(1, stranger), stranger).toBeUndefined()
  })

  it('finds nobody behind a number outside the ten million', () => {
    // China Mobile has two thousand million numbers and a third of ten million subscribers: about one in 600 is held.
    let held = 0
    for (let i = 0; i < 6_000; i++) if (indexOfNumber(1, `138${String(i * 16_661).padStart(8, '0')}`) !== undefined) held++
    expect(held).toBeLessThan(60)
  })

  it('names the very subscriber, or nobody, for any eleven digits', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 9_999_999_999 }), (seed, tail) => {
        const msisdn = `1${String(tail).padStart(10, '0')}`
        const index = indexOfNumber(seed, msisdn)
        if (index !== undefined) expect(subscriberAt(seed, index).msisdn).toBe(msisdn)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('SIM cards', () => {
  it('have fifteen digits and another IMSI for each generation', () => {
    const cards = new Set<string>()
    for (const carrier of CARRIER_IDS) {
      for (const generation of [0, 1, 15]) {
        for (const index of [0, SUBSCRIBER_LIMIT - 1]) cards.add(imsiOf(carrier, index, generation))
      }
    }
    expect(cards.size).toBe(18)
    for (const card of cards) expect(card).toMatch(/^460\d{12}$/)
  })

  it('are of generation 0 for a subscriber nothing happened to', () => {
    const { carrier, imsi } = subscriberAt(9, 77)
    expect(imsi).toBe(imsiOf(carrier, 77, 0))
  })
})

it('a masked number keeps three digits in front and four behind', () => {
  expect(maskNumber('13812345678')).toBe('138****5678')
})
