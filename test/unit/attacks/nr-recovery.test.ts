import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-recovery.ts'
import { expectFail } from './observed.ts'

const reset = { exchange: 4, status: 401, granted: false }
const base = { former: 'acc-1', noticeAccepted: true, reset, login: { ...reset, account: null }, control: true }

describe('nr-recovery', () => {
  it('fails when the new owner’s password opened the former owner’s account', () => {
    const open = { exchange: 5, status: 200, granted: true, account: 'acc-1' }
    expectFail(attack.judge({ ...base, reset: { ...reset, status: 204, granted: true }, login: open }), 'account-exposed')
  })

  it('passes when it opened nothing and an honest reset works', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['an honest reset did not work either', { ...base, control: false }],
    ['the notice was not taken', { ...base, noticeAccepted: false }],
    ['no code came', { ...base, reset: null }],
    ['a third account opened', { ...base, login: { ...reset, account: 'acc-3' } }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
