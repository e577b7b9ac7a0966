import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CARRIER_IDS, type CarrierId } from '../../../src/contract/carriers.ts'
import { SUBSCRIBER_LIMIT } from '../../../src/contract/people.ts'
import { HANDSET_TOKEN_BASE, mintAuthCode, mintToken, readToken, type TokenClaims } from '../../../src/contract/token.ts'

const SHAPES: Record<CarrierId, RegExp> = {
  'china-mobile': /^STsid0000001\d{12}[0-9a-f]{32}$/,
  'china-unicom': /^[0-9a-f]{32}$/,
  'china-telecom': /^nm[0-9a-f]{32}$/,
}

const seeds = fc.integer({ min: 0, max: 0xffff_ffff })
const indices = fc.oneof(
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.constantFrom(0, 1, 0x7fff_ffff, HANDSET_TOKEN_BASE, 0xffff_fffe, 0xffff_ffff),
)
const claims: fc.Arbitrary<TokenClaims> = fc.record({
  carrier: fc.constantFrom(...CARRIER_IDS),
  tokenIndex: indices,
  subscriberIndex: fc.integer({ min: 0, max: SUBSCRIBER_LIMIT - 1 }),
  generation: fc.integer({ min: 0, max: 15 }),
  appIndex: fc.integer({ min: 0, max: 7 }),
  purpose: fc.constantFrom('login' as const, 'verify' as const),
  // Whole tenths of a second from 2020 to 2033.
  issuedAtMs: fc.integer({ min: 15_778_368_000, max: 19_884_000_000 }).map(tenths => tenths * 100),
})

const sample = (carrier: CarrierId, tokenIndex = 12): TokenClaims => ({
  carrier,
  tokenIndex,
  subscriberIndex: 345,
  generation: 0,
  appIndex: 0,
  purpose: 'login',
  issuedAtMs: 1_790_000_000_000,
})

/** Every text that differs from `token` in one character, out of characters a forger would try. */
function oneCharacterOff(token: string): string[] {
  const alphabet = '0123456789abcdefABCDEFSTidnmz +%'
  return [...token].flatMap((old, at) =>
    [...alphabet].filter(c => c !== old).map(c => token.slice(0, at) + c + token.slice(at + 1)),
  )
}

describe('a token', () => {
  it('says back exactly what it was minted from', () => {
    fc.assert(
      fc.property(seeds, claims, (seed, minted) => {
        expect(readToken(seed, minted.carrier, mintToken(seed, minted))).toEqual(minted)
      }),
      { numRuns: 2_000 },
    )
  })

  it('has the shape its carrier documents', () => {
    fc.assert(
      fc.property(seeds, claims, (seed, minted) => {
        expect(mintToken(seed, minted)).toMatch(SHAPES[minted.carrier])
      }),
    )
  })

  it('of China Mobile carries its issue time in plain digits', () => {
    expect(mintToken(1, sample('china-mobile')).slice(11, 24)).toBe('1790000000000')
  })

  it('keeps the issue time to a tenth of a second, never later than it was', () => {
    const token = mintToken(1, { ...sample('china-unicom'), issuedAtMs: 1_790_000_000_199 })
    expect(readToken(1, 'china-unicom', token)?.issuedAtMs).toBe(1_790_000_000_100)
  })

  it.each(CARRIER_IDS)('of %s is refused after any change of one character', carrier => {
    for (const tokenIndex of [0, 12, 0xffff_ffff]) {
      const token = mintToken(42, sample(carrier, tokenIndex))
      const accepted = oneCharacterOff(token).filter(forged => readToken(42, carrier, forged) !== undefined)
      expect(accepted).toEqual([])
    }
  })

  it.each(CARRIER_IDS)('of %s is refused in another case, cut short, padded or quoted', carrier => {
    const token = mintToken(42, sample(carrier))
    const variants = [
      token.toUpperCase(),
      `${token} `,
      ` ${token}`,
      `${token}\n`,
      `${token}0`,
      `"${token}"`,
      `${token}\0`,
      token + token,
    ]
    for (let length = 0; length < token.length; length++) variants.push(token.slice(0, length), token.slice(length + 1))
    if (token !== token.toLowerCase()) variants.push(token.toLowerCase())
    const accepted = variants.filter(forged => readToken(42, carrier, forged) !== undefined)
    expect(accepted).toEqual([])
  })

  it('is refused with two characters exchanged', () => {
    const token = mintToken(42, sample('china-unicom'))
    for (let at = 0; at + 1 < token.length; at++) {
      const swapped = token.slice(0, at) + token.charAt(at + 1) + token.charAt(at) + token.slice(at + 2)
      if (swapped !== token) expect(readToken(42, 'china-unicom', swapped), swapped).toBeUndefined()
    }
  })

  it('is refused under another seed', () => {
    fc.assert(
      fc.property(seeds, claims, fc.integer({ min: 1, max: 0xffff_ffff }), (seed, minted, step) => {
        expect(readToken((seed + step) >>> 0, minted.carrier, mintToken(seed, minted))).toBeUndefined()
      }),
    )
  })

  it("is refused by another carrier, even when put into that carrier's shape", () => {
    const body = mintToken(42, sample('china-unicom'))
    expect(readToken(42, 'china-telecom', `nm${body}`)).toBeUndefined()
    expect(readToken(42, 'china-mobile', `STsid0000001790000000000${body}`)).toBeUndefined()
    expect(readToken(42, 'china-unicom', mintToken(42, sample('china-telecom')).slice(2))).toBeUndefined()
  })

  it('made up at random is refused', () => {
    const hex32 = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 32, maxLength: 32 }).map(c => c.join(''))
    fc.assert(
      fc.property(hex32, body => {
        expect(readToken(42, 'china-unicom', body)).toBeUndefined()
        expect(readToken(42, 'china-telecom', `nm${body}`)).toBeUndefined()
        expect(readToken(42, 'china-mobile', `STsid0000001790000000000${body}`)).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('tokens', () => {
  it('are distinct for distinct indices, and do not show that their indices are neighbours', () => {
    const words = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()]
    const tokens = new Set<string>()
    const many = 20_000
    for (let i = 0; i < many; i++) {
      const token = mintToken(42, sample('china-unicom', i))
      tokens.add(token)
      for (const [position, seen] of words.entries()) seen.add(token.slice(position * 8, position * 8 + 8))
    }
    expect(tokens.size).toBe(many)
    // Subscriber and time are the same in all of them; the mask hides it. A few equal words among 20,000 are chance.
    for (const seen of words) expect(seen.size).toBeGreaterThan(many - 10)
  })

  it('differ for every claim that differs', () => {
    const base = sample('china-unicom')
    const others: TokenClaims[] = [
      { ...base, tokenIndex: 13 },
      { ...base, subscriberIndex: 346 },
      { ...base, generation: 1 },
      { ...base, appIndex: 1 },
      { ...base, purpose: 'verify' },
      { ...base, issuedAtMs: base.issuedAtMs + 100 },
    ]
    const tokens = new Set([base, ...others].map(minted => mintToken(1, minted)))
    expect(tokens.size).toBe(others.length + 1)
  })
})

describe('an authCode', () => {
  it('is 32 lower-case hex digits, the same for its token and another for every other', () => {
    const codes = new Set(Array.from({ length: 5_000 }, (_, i) => mintAuthCode(1, i)))
    expect(codes.size).toBe(5_000)
    for (const code of codes) expect(code).toMatch(/^[0-9a-f]{32}$/)
    expect(mintAuthCode(1, 7)).toBe(mintAuthCode(1, 7))
    expect(mintAuthCode(2, 7)).not.toBe(mintAuthCode(1, 7))
  })
})
