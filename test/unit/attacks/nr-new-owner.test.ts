import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-new-owner.ts'
import { accepted, expectFail, login, turnedAway } from './observed.ts'

const former = login('acc-1')

describe('nr-new-owner', () => {
  it("fails when the new owner reached the former owner's account", () => {
    expectFail(attack.judge({ former, notice: accepted, owner: [login('acc-1'), login('acc-1')] }), 'account-exposed')
  })

  it('passes when the new owner reached one other account, twice', () => {
    expect(attack.judge({ former, notice: accepted, owner: [login('acc-2'), login('acc-2')] }).outcome).toBe('pass')
  })

  it.each([
    ['the notice was not accepted', { former, notice: turnedAway, owner: [login('acc-1'), login('acc-1')] }],
    ['the new owner was refused', { former, notice: accepted, owner: [login(null), login(null)] }],
    ['each login led elsewhere', { former, notice: accepted, owner: [login('acc-2'), login('acc-3')] }],
    ['the former owner could not log in', { former: login(null), notice: null, owner: [] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
