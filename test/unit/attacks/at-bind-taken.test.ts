import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-bind-taken.ts'
import { expectFail, login, meeting, step } from './observed.ts'

const unproved = [
  { what: 'taken' as const, bound: step('refused'), owner: login('acc-8') },
  { what: 'free' as const, bound: step('refused'), owner: login('acc-9') },
]
const serial = { at: 'one after the other' as const, meeting: null, yes: 1, exchanges: [5], opened: 'acc-1', afterwards: null }
const race = { ...serial, at: 'at once' as const, meeting, opened: 'acc-2' }
const base = { attacker: 'acc-1', unproved, accounts: ['acc-1', 'acc-2', 'acc-3'], contests: [serial, race] }

describe('at-bind-taken', () => {
  it("fails when the owner of a number landed in the attacker's account", () => {
    expectFail(attack.judge({ ...base, unproved: [{ ...unproved[1]!, owner: login('acc-1') }] }), 'account-exposed')
  })

  it.each([serial, race])('fails when an identity opened two accounts ($at)', contest => {
    expectFail(
      attack.judge({ ...base, contests: [{ ...contest, yes: 2, opened: 'acc-1', afterwards: 'acc-3' }] }),
      'account-exposed',
    )
  })

  it.each([
    ['one account won each contest', base],
    ['several were told yes but one was the owner', { ...base, contests: [{ ...race, yes: 3, afterwards: 'acc-77' }] }],
    ['there is no third-party login', { ...base, contests: [] }],
  ])('passes when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('pass')
  })

  it.each([
    ['the accounts could not be opened', { attacker: null, unproved: [], accounts: [], contests: [] }],
    ['an owner could not log in', { ...base, unproved: [{ ...unproved[0]!, owner: login(null) }] }],
    [
      'claims at once never arrived together',
      { ...base, contests: [serial, { ...race, meeting: { ...meeting, spreadMs: 30 } }] },
    ],
    ['nobody could bind with proof', { ...base, contests: [{ ...serial, yes: 0, opened: 'acc-50' }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
