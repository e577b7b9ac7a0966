import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/session/se-logout.ts'
import { accepted, expectFail, session, turnedAway } from './observed.ts'

const base = { loggedOut: accepted, session: session('dead'), refreshed: session('dead'), other: session('alive') }

describe('se-logout', () => {
  it('fails when the session lived on', () => {
    expectFail(attack.judge({ ...base, session: session('alive') }), 'session-alive')
  })

  it('fails when its refresh credential gave a new one', () => {
    expectFail(attack.judge({ ...base, refreshed: session('alive') }), 'session-alive')
  })

  it('passes when both are dead and the other device lives', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['the logout was not taken', { ...base, loggedOut: turnedAway }],
    ['the other device is out too', { ...base, other: session('dead') }],
    ['the session gives no clear answer', { ...base, session: session('unclear') }],
    ['the logins failed', { loggedOut: null, session: null, refreshed: null, other: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
