import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-otp-cross-number.ts'
import { expectFail, login } from './observed.ts'

const honest = { account: 'acc-1', login: login('acc-1') }
const tried = (account: string | null, more = {}) => ({ variant: 'a list', victim: 'acc-5', login: login(account, more) })

describe('at-otp-cross-number', () => {
  it("fails when the attacker's code opened the victim's account", () => {
    expectFail(attack.judge({ honest, tried: [tried(null), tried('acc-5')] }), 'account-exposed')
  })

  it("passes when it was refused or led to the attacker's own account", () => {
    expect(attack.judge({ honest, tried: [tried(null), tried('acc-2')] }).outcome).toBe('pass')
  })

  it.each([
    ['no code could be had', { honest: null, tried: [] }],
    ['the right pair does not log in', { honest: { ...honest, login: login(null) }, tried: [tried(null)] }],
    ['an attempt broke the target', { honest, tried: [tried(null, { status: 500, reading: 'failed' })] }],
    ['the victim has no account', { honest, tried: [{ ...tried(null), victim: null }] }],
    ['nothing could be tried', { honest, tried: [] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
