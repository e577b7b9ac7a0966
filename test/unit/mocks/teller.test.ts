import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberLives } from '../../../mocks/life.ts'
import { Teller } from '../../../mocks/teller.ts'
import { TOKEN_LIFETIME_MS } from '../../../mocks/token-lifetimes.ts'
import { UNUSED_LIMIT, UNUSED_WINDOW_MS } from '../../../mocks/unused-tokens.ts'
import { CARRIER_IDS, type CarrierId } from '../../../src/contract/carriers.ts'
import { subscriberAt } from '../../../src/contract/people.ts'
import { HANDSET_TOKEN_BASE, mintToken, readToken, type TokenClaims } from '../../../src/contract/token.ts'

const SEED = 11
const T0 = 1_790_000_000_000
/** Subscribers 0, 1, 2 belong to Mobile, Unicom, Telecom. */
const INDEX: Record<CarrierId, number> = { 'china-mobile': 0, 'china-unicom': 1, 'china-telecom': 2 }

function counter(singleUse: 'strict' | 'lenient' = 'strict') {
  const lives = new NumberLives(SEED, 'run')
  const teller = new Teller({ seed: SEED, lives, behaviour: { current: { singleUse } } })
  const issue = (subscriberIndex: number, nowMs = T0, purpose: 'login' | 'verify' = 'login', appIndex = 0): string => {
    const issued = teller.issue({ subscriberIndex, appIndex, purpose, nowMs })
    if (issued.kind !== 'issued') throw new Error(issued.kind)
    return issued.token
  }
  const redeem = (carrier: CarrierId, token: string, nowMs = T0, purpose: 'login' | 'verify' = 'login', appIndex = 0) =>
    teller.redeem(readToken(SEED, carrier, token), { appIndex, purpose, nowMs })
  return { lives, teller, issue, redeem }
}

describe('a strict teller', () => {
  it.each(CARRIER_IDS)('gives the number once and refuses the second time: %s', carrier => {
    const { issue, redeem } = counter()
    const token = issue(INDEX[carrier])
    expect(redeem(carrier, token)).toMatchObject({ kind: 'ok', msisdn: subscriberAt(SEED, INDEX[carrier]).msisdn })
    expect(redeem(carrier, token)).toEqual({ kind: 'used' })
  })

  it.each(CARRIER_IDS)('keeps a token alive to the last tenth of its lifetime and no longer: %s', carrier => {
    for (const purpose of ['login', 'verify'] as const) {
      const lifetimeMs = TOKEN_LIFETIME_MS[carrier][purpose]
      const { issue, redeem } = counter()
      const [first, second] = [issue(INDEX[carrier], T0, purpose), issue(INDEX[carrier], T0, purpose)]
      expect(redeem(carrier, second, T0 + lifetimeMs, purpose)).toEqual({ kind: 'expired' })
      expect(redeem(carrier, first, T0 + lifetimeMs - 100, purpose).kind).toBe('ok')
    }
  })

  it('does not spend a token that it refuses', () => {
    const { issue, redeem } = counter()
    const token = issue(0)
    expect(redeem('china-mobile', token, T0, 'login', 1)).toEqual({ kind: 'wrong-app' })
    expect(redeem('china-mobile', token, T0, 'verify')).toEqual({ kind: 'wrong-purpose' })
    expect(redeem('china-unicom', token)).toEqual({ kind: 'unknown' })
    expect(redeem('china-mobile', token).kind).toBe('ok')
  })

  it('does not know a handset token it never issued, even when the arithmetic holds', () => {
    const { redeem } = counter()
    const claims: TokenClaims = {
      carrier: 'china-mobile',
      tokenIndex: HANDSET_TOKEN_BASE + 5,
      subscriberIndex: 0,
      generation: 0,
      appIndex: 0,
      purpose: 'login',
      issuedAtMs: T0,
    }
    expect(redeem('china-mobile', mintToken(SEED, claims))).toEqual({ kind: 'unknown' })
    expect(redeem('china-mobile', mintToken(SEED, { ...claims, tokenIndex: 5 })).kind).toBe('ok')
    expect(redeem('china-mobile', mintToken(SEED, { ...claims, tokenIndex: 6, subscriberIndex: 10_000_002 }))).toEqual({
      kind: 'unknown',
    })
    // Subscriber 0 is Mobile's; a token for it from Unicom was minted by nobody honest.
    expect(redeem('china-unicom', mintToken(SEED, { ...claims, carrier: 'china-unicom', tokenIndex: 7 }))).toEqual({
      kind: 'unknown',
    })
  })

  it('refuses the thirty-first unused token of a number, and allows one more for each that is used or forgotten', () => {
    const { teller, issue, redeem } = counter()
    const tokens = Array.from({ length: UNUSED_LIMIT }, () => issue(0))
    expect(teller.issue({ subscriberIndex: 0, appIndex: 0, purpose: 'login', nowMs: T0 })).toEqual({ kind: 'too-many-unused' })
    expect(redeem('china-mobile', tokens[3]!).kind).toBe('ok')
    issue(0)
    expect(() => issue(0)).toThrow('too-many-unused')
    expect(() => issue(3)).not.toThrow()
    expect(() => issue(0, T0 + UNUSED_WINDOW_MS - 100)).toThrow('too-many-unused')
    expect(() => issue(0, T0 + UNUSED_WINDOW_MS)).not.toThrow()
  })

  it('forgets what was spent on a reset, and knows no handset token from before', () => {
    const { teller, issue, redeem } = counter()
    const token = issue(0)
    const load = mintToken(SEED, { ...readToken(SEED, 'china-mobile', token)!, tokenIndex: 1 })
    expect(redeem('china-mobile', load).kind).toBe('ok')
    teller.reset()
    expect(redeem('china-mobile', load).kind).toBe('ok')
    expect(redeem('china-mobile', token)).toEqual({ kind: 'unknown' })
    expect(issue(0)).not.toBe(token)
    expect(teller.handsetBooks(T0)).toEqual({ issued: 1, redeemed: 0, expired: 0, live: 1 })
  })

  it('takes memory for tokens and not for subscribers', () => {
    const { redeem, teller } = counter()
    for (let i = 0; i < 2000; i++) {
      const claims = {
        tokenIndex: i,
        subscriberIndex: i * 4998,
        generation: 0,
        appIndex: 0,
        purpose: 'login' as const,
        issuedAtMs: T0,
      }
      const carrier = CARRIER_IDS[(i * 4998) % 3]!
      expect(redeem(carrier, mintToken(SEED, { ...claims, carrier })).kind).toBe('ok')
    }
    expect(teller.pageCount).toBe(1)
  })
})

it('a lenient teller gives the number again and again within the lifetime', () => {
  const { issue, redeem } = counter('lenient')
  const token = issue(0)
  for (let i = 0; i < 3; i++) expect(redeem('china-mobile', token).kind).toBe('ok')
  expect(redeem('china-mobile', token, T0 + TOKEN_LIFETIME_MS['china-mobile'].login)).toEqual({ kind: 'expired' })
})

describe('the life of a number', () => {
  it('a reissued number refuses the former holder’s tokens and serves the new SIM card', () => {
    const { lives, issue, redeem } = counter()
    const former = issue(0)
    lives.happen({ index: 0, kind: 'reissued', nowMs: T0 })
    expect(redeem('china-mobile', former)).toEqual({ kind: 'former-holder' })
    expect(redeem('china-mobile', issue(0)).kind).toBe('ok')
  })

  it('a replaced SIM card leaves the same subscriber’s tokens good', () => {
    const { lives, issue, redeem } = counter()
    const before = issue(0)
    lives.happen({ index: 0, kind: 'sim-replaced', nowMs: T0 })
    expect(redeem('china-mobile', before).kind).toBe('ok')
  })

  it('a ported number is redeemed at the new carrier only', () => {
    const { lives, issue, redeem } = counter()
    const before = issue(0)
    lives.happen({ index: 0, kind: 'ported', toCarrier: 'china-telecom', nowMs: T0 })
    const after = issue(0)
    expect(redeem('china-mobile', before)).toEqual({ kind: 'ported-away' })
    expect(redeem('china-mobile', after)).toEqual({ kind: 'unknown' })
    expect(redeem('china-telecom', after)).toMatchObject({ kind: 'ok', msisdn: subscriberAt(SEED, 0).msisdn })
  })
})

it('handset tokens are conserved: issued = redeemed + expired + live, whatever happens', () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant('issue' as const),
      index: fc.nat(5),
      purpose: fc.constantFrom('login' as const, 'verify' as const),
    }),
    fc.record({ do: fc.constant('redeem' as const), which: fc.nat(1000) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.nat(20 * 60_000) }),
    fc.record({
      do: fc.constant('live' as const),
      index: fc.nat(5),
      kind: fc.constantFrom('reissued' as const, 'sim-replaced' as const),
    }),
  )
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 120 }),
      fc.constantFrom('strict' as const, 'lenient' as const),
      (steps, singleUse) => {
        const { lives, teller } = counter(singleUse)
        const held: { carrier: CarrierId; token: string; purpose: 'login' | 'verify' }[] = []
        const given = new Set<string>()
        let nowMs = T0
        let issued = 0
        for (const s of steps) {
          if (s.do === 'wait') nowMs += s.ms
          else if (s.do === 'live') lives.happen({ index: s.index, kind: s.kind, nowMs })
          else if (s.do === 'issue') {
            const issue = teller.issue({ subscriberIndex: s.index, appIndex: 0, purpose: s.purpose, nowMs })
            if (issue.kind !== 'issued') continue
            issued++
            held.push({ carrier: issue.carrier, token: issue.token, purpose: s.purpose })
          } else {
            const item = held[s.which % Math.max(1, held.length)]
            if (item === undefined) continue
            const redemption = teller.redeem(readToken(SEED, item.carrier, item.token), {
              appIndex: 0,
              purpose: item.purpose,
              nowMs,
            })
            if (redemption.kind === 'ok') given.add(item.token)
          }
          const books = teller.handsetBooks(nowMs)
          expect(books.issued).toBe(issued)
          expect(books.redeemed).toBe(given.size)
          expect(books.redeemed + books.expired + books.live).toBe(books.issued)
        }
      },
    ),
    { numRuns: 60 },
  )
})
