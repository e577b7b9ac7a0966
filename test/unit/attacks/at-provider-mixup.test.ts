import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-provider-mixup.ts'
import { expectFail, login } from './observed.ts'

const seen = {
  victimAt: 'weibo',
  attackerAt: 'netease',
  victim: login('acc-1'),
  attacker: login('acc-2'),
  again: login('acc-1'),
} as const

describe('at-provider-mixup', () => {
  it('fails when the second person reaches the first one’s account', () => {
    expectFail(attack.judge({ ...seen, attacker: login('acc-1') }), 'account-exposed')
  })

  it('passes when each has an account, or the second is refused', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    expect(attack.judge({ ...seen, attacker: login(null) }).outcome).toBe('pass')
  })

  it.each([
    ['the first could not log in', { ...seen, victim: login(null) }],
    ['the second got no clear answer', { ...seen, attacker: login(null, { status: 502 }) }],
    ['the first does not find the account again', { ...seen, again: login('acc-3') }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
