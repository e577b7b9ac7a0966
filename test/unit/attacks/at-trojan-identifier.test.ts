import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/account-takeover/at-trojan-identifier.ts'
import { expectFail, login, session, step } from './observed.ts'

const seen = {
  attacker: login('acc-1'),
  prepared: { trojan: step('granted'), claimed: step('granted') },
  victim: login('acc-2'),
  byTrojan: login('acc-1'),
  bySession: session('alive', 'acc-1'),
}

describe('at-trojan-identifier', () => {
  it('fails when the attacker’s second number or session opens the victim’s account', () => {
    expectFail(attack.judge({ ...seen, byTrojan: login('acc-2') }), 'account-exposed')
    expectFail(attack.judge({ ...seen, bySession: session('alive', 'acc-2') }), 'account-exposed')
  })

  it('passes when the victim is alone', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
  })

  it.each([
    ['the victim could not log in', { ...seen, victim: login(null) }],
    ['nothing could be left behind', { ...seen, prepared: { ...seen.prepared, trojan: step('refused') } }],
    ['the attacker could not log in', { ...seen, attacker: login(null), prepared: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
