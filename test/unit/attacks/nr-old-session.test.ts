import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-old-session.ts'
import { accepted, expectFail, login, session, turnedAway } from './observed.ts'

const base = { former: login('acc-1'), notice: accepted, bystander: session('alive', 'acc-5'), withinMs: 2000 }

describe('nr-old-session', () => {
  it('fails when one of the two sessions lives on', () => {
    expectFail(attack.judge({ ...base, sessions: [session('dead'), session('alive')] }), 'session-alive')
  })

  it("passes when both are dead and a stranger's lives", () => {
    expect(attack.judge({ ...base, sessions: [session('dead'), session('dead')] }).outcome).toBe('pass')
  })

  it.each([
    ["the stranger's session died too", { ...base, sessions: [session('dead')], bystander: session('dead') }],
    ['a session gave no clear answer', { ...base, sessions: [session('dead'), session('unclear')] }],
    ['the notice was not accepted', { ...base, notice: turnedAway, sessions: [session('alive')] }],
    ['a login before failed', { ...base, notice: null, sessions: [], bystander: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
