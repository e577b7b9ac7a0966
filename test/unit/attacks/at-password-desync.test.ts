import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-password-desync.ts'
import { expectFail, login, step } from './observed.ts'

const own = login('acc-1')
const no = login(null)
const change = { how: 'change' as const, step: step('granted'), old: [no, no], fresh: [own, own] }
const base = { account: 'acc-1', first: [own, own], changes: [change, { ...change, how: 'reset' as const }] }

describe('at-password-desync', () => {
  it.each(['change', 'reset'] as const)('fails when the old password still worked by one identifier after a %s', how => {
    expectFail(attack.judge({ ...base, changes: [change, { ...change, how, old: [no, own] }] }), 'credential')
  })

  it('passes when it was refused by both and the new one worked by both', () => {
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, changes: [change] }).outcome).toBe('pass')
  })

  it.each([
    ['the account could not be made ready', { account: null, first: [], changes: [] }],
    ['the password never worked by both', { ...base, first: [own, no], changes: [] }],
    ['the change was refused', { ...base, changes: [{ ...change, step: step('refused'), old: [own, own] }] }],
    ['the new password does not work either', { ...base, changes: [{ ...change, fresh: [own, no] }] }],
    ['a login got no clear answer', { ...base, changes: [{ ...change, old: [no, login(null, { status: 429 })] }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
