import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/substitution/su-piggyback.ts'
import { expectFail } from './observed.ts'

const looked = [{ reply: 'login', exchange: 4, found: [] }]
const cashed = { perSecond: 100, sent: 500, calls: Array.from({ length: 150 }, (_, i) => i), overMs: 800, lastExchanges: [7] }
const seen = { account: 'acc-1', looked, cashed }

describe('su-piggyback', () => {
  it('fails when a reply holds the number', () => {
    const profile = { reply: 'profile', exchange: 5, found: ['as it is'] }
    expectFail(attack.judge({ ...seen, looked: [...looked, profile] }), 'disclosure')
  })

  it('fails when every token is cashed at once', () => {
    const calls = Array.from({ length: 500 }, (_, i) => i)
    expectFail(attack.judge({ ...seen, cashed: { ...cashed, calls } }), 'carrier-call')
  })

  it('passes when nothing was learnt and calls were bounded, or the script was turned away', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    expect(attack.judge({ ...seen, cashed: null, account: null }).outcome).toBe('pass')
  })

  it('is inconclusive when none of the tokens reached a carrier', () => {
    expect(attack.judge({ ...seen, cashed: { ...cashed, calls: [], overMs: 0 } }).outcome).toBe('inconclusive')
  })
})
