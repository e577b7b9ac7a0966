import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-flow-skip.ts'
import { expectFail, login, step } from './observed.ts'

const skip = { variant: 'an empty code', step: step('refused'), login: login(null) }
const base = { victim: 'acc-1', honest: login('acc-1'), skips: [skip, skip] }

describe('at-flow-skip', () => {
  it("fails when the attacker's password opened the victim's account", () => {
    expectFail(attack.judge({ ...base, skips: [skip, { ...skip, login: login('acc-1') }] }), 'account-exposed')
  })

  it.each([
    ['no reset worked but the one with the code', base],
    ['a reset was said to be done and changed nothing', { ...base, skips: [{ ...skip, step: step('granted') }] }],
  ])('passes when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('pass')
  })

  it.each([
    ['there is no victim', { ...base, victim: null }],
    ['no code came', { ...base, honest: null }],
    ['the right code does not work either', { ...base, honest: login(null) }],
    ['a login got no clear answer', { ...base, skips: [{ ...skip, login: login(null, { status: 429 }) }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
