import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-notify-race.ts'
import { accepted, expectFail, login, session, turnedAway } from './observed.ts'

const round = {
  former: login('acc-1'),
  notice: accepted,
  left: [session('dead'), session('dead')],
  during: { login: login('acc-2'), alive: true },
  after: login('acc-2'),
}
const judged = (...rounds: Parameters<typeof attack.judge>[0]['rounds']) => attack.judge({ rounds, withinMs: 400 })

describe('nr-notify-race', () => {
  it('fails when a credential of the former owner outlives the notice in one round of many', () => {
    expectFail(judged(round, { ...round, left: [session('dead'), session('alive')] }), 'session-alive')
  })

  it('fails when the new owner is led into the old account', () => {
    expectFail(judged({ ...round, during: { login: login('acc-1'), alive: true } }), 'account-exposed')
    expectFail(judged({ ...round, during: null, after: login('acc-1') }), 'account-exposed')
  })

  it('fails when the new owner is cut', () => {
    expectFail(judged({ ...round, during: { login: login('acc-2'), alive: false }, after: login('acc-3') }), 'lock-out')
  })

  it('passes when only the former owner was cut', () => {
    expect(judged(round, { ...round, during: null }).outcome).toBe('pass')
  })

  it('passes when the new owner was refused in the confusion and came in afterwards', () => {
    expect(judged({ ...round, during: { login: login(null), alive: false } }).outcome).toBe('pass')
  })

  it.each([
    ['the notice was not taken', [{ ...round, notice: turnedAway }]],
    ['it cannot be told whether sessions live', [{ ...round, left: [session('unclear')] }]],
    ['the new owner got no answer afterwards', [{ ...round, during: null, after: login(null, { status: 502 }) }]],
    ['nobody could log in', [{ ...round, former: login(null), notice: null, left: [], during: null, after: null }]],
  ])('is inconclusive when %s', (_, rounds) => {
    expect(attack.judge({ rounds, withinMs: 400 }).outcome).toBe('inconclusive')
  })
})
