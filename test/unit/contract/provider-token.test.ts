import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import { SUBSCRIBER_LIMIT } from '../../../src/contract/people.ts'
import { carriersAmong, isProviderId, PROVIDER_IDS, PROVIDER_KINDS, providerOrdinal } from '../../../src/contract/providers.ts'
import { mintToken, readToken, type TokenClaims } from '../../../src/contract/token.ts'

const ISSUERS = PROVIDER_IDS.filter(id => PROVIDER_KINDS[id] !== 'carrier') as NonNullable<TokenClaims['provider']>[]

const seeds = fc.integer({ min: 0, max: 0xffff_ffff })
const claims: fc.Arbitrary<TokenClaims> = fc
  .record({
    carrier: fc.constantFrom(...CARRIER_IDS),
    provider: fc.option(fc.constantFrom(...ISSUERS), { nil: undefined }),
    tokenIndex: fc.integer({ min: 0, max: 0xffff_ffff }),
    subscriberIndex: fc.integer({ min: 0, max: SUBSCRIBER_LIMIT - 1 }),
    generation: fc.integer({ min: 0, max: 15 }),
    appIndex: fc.integer({ min: 0, max: 7 }),
    purpose: fc.constantFrom('login' as const, 'verify' as const),
    issuedAtMs: fc.integer({ min: 15_778_368_000, max: 19_884_000_000 }).map(tenths => tenths * 100),
  })
  .map(({ provider, ...rest }) => (provider === undefined ? rest : { ...rest, provider }))

describe('a token', () => {
  it('says back what it was minted from, to whom it was minted for and to nobody else', () => {
    fc.assert(
      fc.property(seeds, claims, (seed, minted) => {
        const token = mintToken(seed, minted)
        for (const reader of PROVIDER_IDS) {
          expect(readToken(seed, reader, token)).toEqual(reader === (minted.provider ?? minted.carrier) ? minted : undefined)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('of an aggregator is opaque, 32 characters or more, or has the shape of the carrier whose token it hands on', () => {
    const shapes = {
      'china-mobile': /^STsid0{6}\d{13}[0-9a-f]{32}$/,
      'china-unicom': /^[0-9a-f]{32}$/,
      'china-telecom': /^nm[0-9a-f]{32}$/,
    }
    fc.assert(
      fc.property(claims, minted => {
        const token = mintToken(7, minted)
        const opaque = /^(?:AL|JG|A2|UM)-[0-9a-f]{32}$/.test(token)
        expect(opaque || shapes[minted.carrier].test(token)).toBe(true)
        if (minted.provider === undefined) expect(opaque).toBe(false)
      }),
    )
  })

  it('of a carrier is byte for byte what it was before there were aggregators', () => {
    const old = {
      tokenIndex: 12,
      subscriberIndex: 345,
      generation: 1,
      appIndex: 0,
      purpose: 'login',
      issuedAtMs: 1_790_000_000_000,
    } as const
    expect(CARRIER_IDS.map(carrier => mintToken(42, { carrier, ...old }))).toEqual(BEFORE)
  })

  it('with one character changed is nobody’s', () => {
    const token = mintToken(5, { ...SAMPLE, provider: 'jiguang' })
    for (let at = 0; at < token.length; at++) {
      const other = token[at] === '0' ? '1' : '0'
      expect(readToken(5, 'jiguang', token.slice(0, at) + other + token.slice(at + 1))).toBeUndefined()
    }
  })
})

const SAMPLE: TokenClaims = {
  carrier: 'china-telecom',
  tokenIndex: 9,
  subscriberIndex: 2,
  generation: 0,
  appIndex: 1,
  purpose: 'verify',
  issuedAtMs: 1_790_000_000_000,
}

/** Minted by the code of 2026-11-24, seed 42. */
const BEFORE = [
  'STsid0000001790000000000c9d630ea924d558c55a7ba43cd035b46',
  '3cee43860b8a83ec2428458ef0a2db46',
  'nm78509c25c3691f9c7ece433fcc177523',
]

describe('the list of providers', () => {
  it('begins with the carriers, so their ordinals are what they were', () => {
    expect(PROVIDER_IDS.slice(0, CARRIER_IDS.length)).toEqual([...CARRIER_IDS])
    expect(CARRIER_IDS.map(providerOrdinal)).toEqual([0, 1, 2])
    expect(new Set(PROVIDER_IDS).size).toBe(PROVIDER_IDS.length)
  })

  it('knows its own, and which of them are carriers', () => {
    expect(isProviderId('jiguang')).toBe(true)
    for (const stranger of ['', 'Jiguang', 'toString', undefined, 3]) expect(isProviderId(stranger)).toBe(false)
    const all = PROVIDER_IDS.map(provider => ({ provider }))
    expect(carriersAmong(all).map(one => one.provider)).toEqual([...CARRIER_IDS])
  })
})
