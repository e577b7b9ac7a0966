import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ExpiringMap } from '../../../examples/cookie-shop/expiring-map.ts'
import { CHALLENGE_LIFETIME_MS, SESSION_LIFETIME_MS, ShopStore } from '../../../examples/cookie-shop/shop-store.ts'

const PHONE = '13800000001'

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('what the cookie shop remembers', () => {
  it('lets a challenge die of age, and not before', () => {
    const store = new ShopStore()
    const [young, old] = [store.newChallenge(), store.newChallenge()]
    vi.advanceTimersByTime(CHALLENGE_LIFETIME_MS - 1)
    expect(store.spendChallenge(young)).toBe(true)
    vi.advanceTimersByTime(1)
    expect(store.spendChallenge(old)).toBe(false)
  })

  it('lets a session die of age', () => {
    const store = new ShopStore()
    const sid = store.openSession(store.bindingOf(PHONE, 'CM').binding)
    expect(store.session(sid)?.phone).toBe(PHONE)
    vi.advanceTimersByTime(SESSION_LIFETIME_MS)
    expect(store.session(sid)).toBeUndefined()
  })

  it('spends an access code per operator: the same text at another is another code', () => {
    const store = new ShopStore()
    expect([store.spendAccessCode('CM', 'a'), store.spendAccessCode('CM', 'a'), store.spendAccessCode('CU', 'a')]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('knows that a number changed hands while a carrier was asked, within one millisecond too', () => {
    const store = new ShopStore()
    const before = store.moment()
    store.reissue(PHONE, Date.now())
    const after = store.moment()
    expect(store.heardReissueSince(PHONE, before)).toBe(true)
    expect(store.heardReissueSince(PHONE, after)).toBe(false)
    expect(store.heardReissueSince('13900000001', before)).toBe(false)
  })

  it('keeps nothing of the dead: a new entry drops those at the front', () => {
    const map = new ExpiringMap<string>(1000)
    expect(map.claim('a', 'first')).toBe(true)
    vi.advanceTimersByTime(500)
    expect([map.claim('a', 'second'), map.get('a')]).toEqual([false, 'first'])
    vi.advanceTimersByTime(500)
    expect([map.claim('a', 'third'), map.get('a'), map.take('a'), map.take('a')]).toEqual([true, 'third', 'third', undefined])
  })
})
