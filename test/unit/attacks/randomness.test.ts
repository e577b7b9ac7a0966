import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { examineRandomness } from '../../../attacks/kit/randomness.ts'
import { SHORT_COUNT, seedBehind } from '../../../attacks/kit/seeds.ts'
import { seededRng } from '../../../src/contract/rng.ts'

const HEX = '0123456789abcdef'
const rng = seededRng(7)
const many = (n: number, make: (i: number) => string): string[] => Array.from({ length: n }, (_, i) => make(i))
const sha = (text: string): string => createHash('sha256').update(text).digest('base64url')
const random = many(400, () => rng.text(32, HEX))

describe('tests of randomness', () => {
  it('find nothing in random values, whatever form they are written in', () => {
    const uuids = random.map(
      hex => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`,
    )
    for (const values of [random, uuids, random.map(hex => Buffer.from(hex, 'hex').toString('base64url'))])
      expect(examineRandomness(values).structures).toEqual([])
    // Version and the fixed half of the variant are form, not chance.
    expect(examineRandomness(uuids).freeBits).toBe(120)
  })

  it.each([
    ['a count behind a random beginning', many(200, i => `${random[0]}${(i + 4096).toString(16).padStart(8, '0')}`)],
    ['the time and a little chance', many(200, i => `${(1_795_000_000_000 + i * 3).toString(16)}${rng.text(8, HEX)}`)],
    ['one bit that is mostly set', many(400, i => (i % 4 === 0 ? '0' : '8') + (random[i] ?? '').slice(1))],
    ['values that come back', [...random.slice(0, 50), ...random.slice(0, 2)]],
  ])('find %s', (_, values) => {
    expect(examineRandomness(values).structures).not.toEqual([])
  })

  it('say nothing about a handful of values', () => {
    expect(examineRandomness(many(8, i => String(1000 + i))).structures).toEqual([])
  })

  it('are blind to digests of a count, which the dictionary finds, and foretells', () => {
    const digests = many(400, i => sha(String(i + 100)))
    expect(examineRandomness(digests).structures).toEqual([])
    const found = seedBehind(digests.at(-1) ?? '', SHORT_COUNT)
    expect(found?.structure).toBe('sha256 digests of a count')
    expect(found?.candidates[0]).toBe(sha('500'))
  })

  it('find the time behind a digest that was cut', () => {
    const cut = createHash('md5').update('1795000000123').digest('hex').slice(0, 20)
    expect(seedBehind(cut, 0, 1_795_000_001)?.structure).toBe('md5 digests of the time in milliseconds')
    expect(seedBehind(cut, 0, 1_795_000_099)).toBeUndefined()
  })
})
