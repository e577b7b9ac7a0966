import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberLives } from '../../../mocks/life.ts'
import { Teller } from '../../../mocks/teller.ts'
import { tokenLifetimeMs } from '../../../mocks/token-lifetimes.ts'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import type { LifetimeRule } from '../../../src/contract/journal.ts'
import { PROVIDER_IDS, PROVIDER_KINDS, type ProviderId } from '../../../src/contract/providers.ts'
import { readToken, type TokenClaims, type TokenPurpose } from '../../../src/contract/token.ts'

const SEED = 23
const T0 = 1_790_000_000_000
const AGGREGATORS = PROVIDER_IDS.filter(id => PROVIDER_KINDS[id] === 'aggregator') as NonNullable<TokenClaims['provider']>[]
const issuers = fc.option(fc.constantFrom(...AGGREGATORS), { nil: undefined })
const purposes = fc.constantFrom<TokenPurpose>('login', 'verify')

function books(singleUse: 'strict' | 'lenient' = 'strict', lifetimes: readonly LifetimeRule[] = []) {
  const teller = new Teller({ seed: SEED, lives: new NumberLives(SEED, 'run'), behaviour: { current: { singleUse, lifetimes } } })
  const issue = (subscriberIndex: number, provider: TokenClaims['provider'], purpose: TokenPurpose, nowMs: number) =>
    teller.issue({ subscriberIndex, appIndex: 0, purpose, nowMs, ...(provider === undefined ? {} : { provider }) })
  const redeem = (at: ProviderId, token: string, purpose: TokenPurpose, nowMs: number, appIndex = 0) =>
    teller.redeem(readToken(SEED, at, token), { appIndex, purpose, nowMs })
  return { teller, issue, redeem }
}

/** Documented lifetimes in minutes: Mobile, Unicom, Telecom ([S1], [S17], [S24]). */
const DOCUMENTED: readonly [TokenClaims['provider'], TokenPurpose, readonly number[]][] = [
  [undefined, 'login', [2, 30, 10]],
  [undefined, 'verify', [2, 10, 1]],
  ['alibaba-dypns', 'login', [2, 30, 10]],
  ['alibaba-dypns', 'verify', [2, 30, 10]],
  ['chuanglan', 'login', [2, 30, 10]],
  ['jiguang', 'login', [2, 30, 30]],
  ['jiguang', 'verify', [2, 10, 1]],
  ['yidun', 'login', [2, 2, 2]],
  ['yidun', 'verify', [2, 2, 2]],
]

it('a token works twice where a rule for its carrier, provider and purpose says so, and nowhere else', () => {
  const reuse = [
    { carrier: 'china-telecom' as const, singleUse: 'lenient' as const },
    { carrier: 'china-telecom' as const, provider: 'jiguang' as const, singleUse: 'strict' as const },
  ]
  const behaviour = { current: { singleUse: 'strict' as const, reuse } }
  const teller = new Teller({ seed: SEED, lives: new NumberLives(SEED, 'run'), behaviour })
  const twice = (subscriberIndex: number, provider?: NonNullable<TokenClaims['provider']>) => {
    const issued = teller.issue({
      subscriberIndex,
      appIndex: 0,
      purpose: 'login',
      nowMs: T0,
      ...(provider === undefined ? {} : { provider }),
    })
    if (issued.kind !== 'issued') throw new Error(issued.kind)
    const redeem = () =>
      teller.redeem(readToken(SEED, provider ?? issued.carrier, issued.token), { appIndex: 0, purpose: 'login', nowMs: T0 }).kind
    return [issued.carrier, redeem(), redeem()]
  }
  expect(CARRIER_IDS.map((_carrier, index) => twice(index))).toEqual([
    ['china-mobile', 'ok', 'used'],
    ['china-unicom', 'ok', 'used'],
    ['china-telecom', 'ok', 'ok'],
  ])
  expect(twice(2, 'jiguang')).toEqual(['china-telecom', 'ok', 'used'])
  expect(twice(2, 'chuanglan')).toEqual(['china-telecom', 'ok', 'ok'])
})

describe('a token’s lifetime', () => {
  it.each(DOCUMENTED)('of %s for %s is the documented one, to the tenth of a second', (provider, purpose, minutes) => {
    for (const [position, carrier] of CARRIER_IDS.entries()) {
      const lifetimeMs = minutes[position]! * 60_000
      const { issue, redeem } = books()
      const [early, late] = [issue(position, provider, purpose, T0), issue(position, provider, purpose, T0)]
      if (early.kind !== 'issued' || late.kind !== 'issued') throw new Error('not issued')
      expect(early.expiresInMs).toBe(lifetimeMs)
      expect(redeem(provider ?? carrier, early.token, purpose, T0 + lifetimeMs - 1).kind).toBe('ok')
      expect(redeem(provider ?? carrier, late.token, purpose, T0 + lifetimeMs).kind).toBe('expired')
    }
  })

  it('follows the last rule that fits provider, carrier and purpose', () => {
    const rules: LifetimeRule[] = [
      { lifetimeMs: 1 },
      { provider: 'jiguang', lifetimeMs: 2 },
      { provider: 'jiguang', carrier: 'china-telecom', purpose: 'login', lifetimeMs: 30 * 86_400_000 },
    ]
    const of = (provider: TokenClaims['provider'], carrier: TokenClaims['carrier'], purpose: TokenPurpose) =>
      tokenLifetimeMs(rules, { carrier, purpose, ...(provider === undefined ? {} : { provider }) })
    expect(of('jiguang', 'china-telecom', 'login')).toBe(30 * 86_400_000)
    expect(of('jiguang', 'china-telecom', 'verify')).toBe(2)
    expect(of('chuanglan', 'china-telecom', 'login')).toBe(1)
    expect(of(undefined, 'china-telecom', 'login')).toBe(1)
    // A rule that names a carrier as provider means its own tokens, not an aggregator's of its phones.
    const own: LifetimeRule[] = [{ provider: 'china-mobile', lifetimeMs: 7 }]
    expect(tokenLifetimeMs(own, { carrier: 'china-mobile', purpose: 'login' })).toBe(7)
    expect(tokenLifetimeMs(own, { carrier: 'china-mobile', provider: 'yidun', purpose: 'login' })).toBe(120_000)
  })
})

it('whoever redeems, a token counts once: issued = redeemed + expired + live, and no provider redeems another’s', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('issue' as const), index: fc.nat(8), provider: issuers, purpose: purposes }),
    fc.record({
      do: fc.constant('redeem' as const),
      which: fc.nat(1000),
      at: fc.constantFrom(...PROVIDER_IDS),
      purpose: purposes,
    }),
    fc.record({ do: fc.constant('redeem-rightly' as const), which: fc.nat(1000) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.nat(15 * 60_000) }),
  )
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 100 }),
      fc.constantFrom('strict' as const, 'lenient' as const),
      (steps, singleUse) => {
        const { teller, issue, redeem } = books(singleUse)
        const held: { token: string; at: ProviderId; purpose: TokenPurpose; expiresAtMs: number }[] = []
        const given = new Map<string, number>()
        let nowMs = T0
        for (const s of steps) {
          if (s.do === 'wait') nowMs += s.ms
          else if (s.do === 'issue') {
            const issued = issue(s.index, s.provider, s.purpose, nowMs)
            if (issued.kind !== 'issued') continue
            const expiresAtMs = Math.floor(nowMs / 100) * 100 + issued.expiresInMs
            held.push({ token: issued.token, at: s.provider ?? issued.carrier, purpose: s.purpose, expiresAtMs })
          } else {
            const item = held[s.which % Math.max(1, held.length)]
            if (item === undefined) continue
            const [at, purpose] = s.do === 'redeem' ? [s.at, s.purpose] : [item.at, item.purpose]
            const { kind } = redeem(at, item.token, purpose, nowMs)
            if (at !== item.at) expect(kind).toBe('unknown')
            else if (purpose !== item.purpose) expect(kind).toBe('wrong-purpose')
            else if (nowMs >= item.expiresAtMs) expect(kind).toBe('expired')
            else if (singleUse === 'strict' && given.has(item.token)) expect(kind).toBe('used')
            else expect(kind).toBe('ok')
            if (kind === 'ok') given.set(item.token, (given.get(item.token) ?? 0) + 1)
          }
          const { issued, redeemed, expired, live } = teller.handsetBooks(nowMs)
          expect([issued, redeemed + expired + live]).toEqual([held.length, held.length])
          expect(redeemed).toBe(given.size)
        }
        if (singleUse === 'strict') expect([...given.values()].every(times => times === 1)).toBe(true)
      },
    ),
    { numRuns: 80 },
  )
})
