import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-notify-reordered.ts'
import { accepted, expectFail, login, session, turnedAway } from './observed.ts'

const base = {
  owner: login('acc-2'),
  stale: [accepted],
  session: session('alive', 'acc-2'),
  again: login('acc-2'),
  genuine: { told: accepted, session: session('dead') },
}

describe('nr-notify-reordered', () => {
  it('fails when the holder of today was logged out', () => {
    expectFail(attack.judge({ ...base, session: session('dead') }), 'lock-out')
  })

  it('fails when the number led to another account afterwards', () => {
    expectFail(attack.judge({ ...base, again: login('acc-3') }), 'lock-out')
  })

  it('passes when nothing changed and a new notice cut', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['a new notice did nothing either', { ...base, genuine: { told: accepted, session: session('alive') } }],
    ['a new notice was not taken', { ...base, genuine: { told: turnedAway, session: session('dead') } }],
    ['the holder could not log in again', { ...base, again: login(null) }],
    ['nothing was sent', { ...base, stale: null, session: null, again: null, genuine: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
