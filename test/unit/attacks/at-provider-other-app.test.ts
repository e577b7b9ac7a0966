import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-provider-other-app.ts'
import { expectFail, login } from './observed.ts'

const tried = { provider: 'weibo' as const, own: login('acc-1') }
const notOffered = { provider: 'qq' as const, own: login(null), foreign: null }

describe('at-provider-other-app', () => {
  it("fails with the user's account when the foreign credential reached it", () => {
    expectFail(attack.judge({ tried: [notOffered, { ...tried, foreign: login('acc-1') }] }), 'account-exposed')
  })

  it('fails when the foreign credential opened any account', () => {
    expectFail(attack.judge({ tried: [{ ...tried, foreign: login('acc-9') }] }), 'credential')
  })

  it('passes when it was refused', () => {
    expect(attack.judge({ tried: [notOffered, { ...tried, foreign: login(null) }] }).outcome).toBe('pass')
  })

  it.each([
    ['nobody could log in by any provider', [notOffered]],
    ['the answer was not clear', [{ ...tried, foreign: login(null, { status: 502, reading: 'failed' }) }]],
    ['a limiter answered', [{ ...tried, foreign: login(null, { status: 429 }) }]],
  ])('is inconclusive when %s', (_, all) => {
    expect(attack.judge({ tried: all }).outcome).toBe('inconclusive')
  })
})
