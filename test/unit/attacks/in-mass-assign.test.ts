import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/injection/in-mass-assign.ts'
import { expectFail, login, step } from './observed.ts'

const assigned = { field: 'phone', step: step('granted'), owner: login('acc-7') }
const base = { attacker: 'acc-1', harmless: step('granted'), assigned: [assigned], finally: 'acc-1' }

describe('in-mass-assign', () => {
  it("fails when a number's owner landed in the attacker's account", () => {
    expectFail(attack.judge({ ...base, assigned: [assigned, { ...assigned, owner: login('acc-1') }] }), 'account-exposed')
  })

  it('fails when the session shows another account', () => {
    expectFail(attack.judge({ ...base, finally: 'acc-2' }), 'account-exposed')
  })

  it.each([
    ['fields were ignored', base],
    ['fields were refused', { ...base, assigned: [{ ...assigned, step: step('refused') }] }],
  ])('passes when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('pass')
  })

  it.each([
    ['a login before failed', { attacker: null, harmless: null, assigned: [], finally: null }],
    ['no change of profile works', { ...base, harmless: step('refused') }],
    ['an owner could not log in', { ...base, assigned: [{ ...assigned, owner: login(null) }] }],
    ['the session ended', { ...base, finally: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
