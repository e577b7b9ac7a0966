import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-openid-client.ts'
import { expectFail, login } from './observed.ts'

const attempt = (account: string | null, more = {}) => ({ variant: 'openId beside it', ...login(account, more) })
const tried = { provider: 'qq' as const, victim: login('acc-1'), own: login('acc-2') }
const notOffered = { provider: 'weibo' as const, victim: login(null), own: login(null), attempts: [] }

describe('at-openid-client', () => {
  it("fails when the attacker's credential led to the victim's account", () => {
    expectFail(
      attack.judge({ tried: [notOffered, { ...tried, attempts: [attempt(null), attempt('acc-1')] }] }),
      'account-exposed',
    )
  })

  it('passes when every attempt led to nobody or to the attacker', () => {
    expect(attack.judge({ tried: [notOffered, { ...tried, attempts: [attempt(null), attempt('acc-2')] }] }).outcome).toBe('pass')
  })

  it.each([
    ['nobody could log in by any provider', [notOffered]],
    ['both users share an account', [{ ...tried, own: login('acc-1'), attempts: [attempt('acc-1')] }]],
    ['an attempt got no clear answer', [{ ...tried, attempts: [attempt(null, { status: 503, reading: 'failed' })] }]],
    ['a limiter answered', [{ ...tried, attempts: [attempt(null, { status: 429 })] }]],
  ])('is inconclusive when %s', (_, all) => {
    expect(attack.judge({ tried: all }).outcome).toBe('inconclusive')
  })
})
