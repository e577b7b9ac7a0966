import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-notify-forged.ts'
import { accepted, expectFail, login, session, turnedAway } from './observed.ts'

const forged = [{ name: 'without a signature', ...turnedAway, session: 'alive' as const }]
const base = { victim: login('acc-1'), forged, again: login('acc-1'), genuine: { told: accepted, session: session('dead') } }

describe('nr-notify-forged', () => {
  it('fails when the victim was logged out', () => {
    const cut = [...forged, { name: 'an empty signature', ...accepted, session: 'dead' as const }]
    expectFail(attack.judge({ ...base, forged: cut }), 'lock-out')
  })

  it('fails when the number left the victim’s account, however late', () => {
    expectFail(attack.judge({ ...base, again: login('acc-9') }), 'lock-out')
  })

  it('passes when nothing changed, even where forgeries are acknowledged', () => {
    const acknowledged = [{ name: 'without a signature', ...accepted, session: 'alive' as const }]
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, forged: acknowledged }).outcome).toBe('pass')
  })

  it.each([
    ['a genuine notice did nothing either', { ...base, genuine: { told: accepted, session: session('alive') } }],
    ['the victim could not log in again', { ...base, again: login(null) }],
    ['the logins failed', { victim: login(null), forged: [], again: null, genuine: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
