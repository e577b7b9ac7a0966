import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-sim-replaced.ts'
import { accepted, expectFail, login, session, turnedAway } from './observed.ts'

const base = { before: login('acc-1'), notice: accepted, session: session('alive'), after: login('acc-1') }

describe('nr-sim-replaced', () => {
  it.each([
    ['reached another account', { ...base, after: login('acc-2') }],
    ['was refused', { ...base, after: login(null) }],
    ['was logged out', { ...base, session: session('dead') }],
  ])('fails when the subscriber %s', (_, observation) => {
    expectFail(attack.judge(observation), 'lock-out')
  })

  it('passes when session and account were kept', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['the login after got no clear answer', { ...base, after: login(null, { status: 503, reading: 'failed' }) }],
    ['a limiter answered', { ...base, after: login(null, { status: 429 }) }],
    ['the session could not be read', { ...base, session: session('unclear') }],
    ['the notice was not accepted', { ...base, notice: turnedAway, after: login('acc-2') }],
    ['the first login failed', { before: login(null), notice: null, session: null, after: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
