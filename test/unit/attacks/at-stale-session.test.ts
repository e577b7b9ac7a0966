import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-stale-session.ts'
import { expectFail, session, step } from './observed.ts'

const cut = { how: 'change' as const, step: step('granted'), session: session('dead'), refreshed: session('dead') }
const base = { account: 'acc-1', cuts: [cut, { ...cut, how: 'reset' as const }], bystander: session('alive'), withinMs: 2000 }

describe('at-stale-session', () => {
  it.each([
    ['the session', { session: session('alive') }],
    ['the refresh credential', { refreshed: session('alive') }],
  ])('fails when %s lived on', (_, more) => {
    expectFail(attack.judge({ ...base, cuts: [cut, { ...cut, ...more }] }), 'session-alive')
  })

  it("passes when both are dead and a stranger's lives", () => {
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, cuts: [{ ...cut, refreshed: null }] }).outcome).toBe('pass')
  })

  it.each([
    ['a login before failed', { ...base, account: null, cuts: [], bystander: null }],
    ['the password could not be changed', { ...base, cuts: [{ ...cut, step: step('refused'), session: session('alive') }] }],
    ['the session could not be read', { ...base, cuts: [{ ...cut, session: session('unclear') }] }],
    ["the stranger's session died too", { ...base, bystander: session('dead') }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
