import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-merge-unverified.ts'
import { expectFail, login, step } from './observed.ts'

const base = {
  attacker: login('acc-1'),
  honest: { bound: step('granted'), login: login('acc-1') },
  claimed: step('granted'),
  victim: login('acc-2'),
  byPassword: login(null),
}

describe('at-merge-unverified', () => {
  it("fails when the victim landed in the attacker's account", () => {
    expectFail(attack.judge({ ...base, victim: login('acc-1') }), 'account-exposed')
  })

  it("fails when the attacker's password opened the victim's account", () => {
    expectFail(attack.judge({ ...base, byPassword: login('acc-2') }), 'account-exposed')
  })

  it.each([
    ['the claim was noted and meant nothing', base],
    ['the claim was refused', { ...base, claimed: step('refused') }],
    ['there are no passwords', { ...base, byPassword: null }],
  ])('passes when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('pass')
  })

  it.each([
    ['the attacker could not log in', { attacker: login(null), honest: null, claimed: null, victim: null, byPassword: null }],
    ['a number bound with proof leads elsewhere too', { ...base, honest: { ...base.honest, login: login('acc-3') } }],
    ['the victim could not log in', { ...base, victim: login(null) }],
    ['the password got no clear answer', { ...base, byPassword: login(null, { status: 429 }) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
