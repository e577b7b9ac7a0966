import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-bind-no-reauth.ts'
import { expectFail, login, step } from './observed.ts'

const number = { what: 'number' as const, step: step('refused'), login: login('acc-9') }
const password = { what: 'password' as const, step: step('refused'), login: login(null) }
const base = { owner: 'acc-1', honest: login('acc-1'), stolen: [number, password] }

describe('at-bind-no-reauth', () => {
  it.each([number, password])("fails when the thief's $what opened the account", change => {
    const taken = { ...change, step: step('granted'), login: login('acc-1') }
    expectFail(attack.judge({ ...base, stolen: [taken] }), 'account-exposed')
  })

  it('passes when both changes were refused without a fresh proof', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['the victim could not log in', { owner: null, honest: null, stolen: [] }],
    ['with a fresh proof nothing is bound either', { ...base, honest: login('acc-4') }],
    ['a limiter answered', { ...base, stolen: [{ ...number, step: step('refused', { status: 429 }) }] }],
    ['a change was granted and led nowhere', { ...base, stolen: [{ ...password, step: step('granted') }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
