import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-victim-lockout.ts'
import { expectFail, login, step } from './observed.ts'

const failures = [{ way: 'wrong passwords', steps: [step('refused'), step('refused', { status: 429 })] }]
const seen = { victim: login('acc-1'), failures, again: login('acc-1'), stranger: login('acc-2') }

describe('do-victim-lockout', () => {
  it('fails when the victim is refused by the own phone and a stranger is not', () => {
    expectFail(attack.judge({ ...seen, again: login(null, { status: 403 }) }), 'lock-out')
  })

  it('fails when the victim is limited for what another did', () => {
    expectFail(attack.judge({ ...seen, again: login(null, { status: 429 }) }), 'lock-out')
  })

  it('passes when the victim reaches the same account', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
  })

  it('passes when codes were sent, for that is no failure', () => {
    const sent = { way: 'codes sent', steps: [step('granted')] }
    expect(attack.judge({ ...seen, failures: [...failures, sent] }).outcome).toBe('pass')
  })

  it.each([
    ['nobody could log in any more', { ...seen, again: login(null), stranger: login(null) }],
    ['the victim’s login got no answer', { ...seen, again: login(null, { status: 0, reading: 'failed' as const }) }],
    ['the victim could not log in before', { ...seen, victim: login(null), again: null, stranger: null }],
    ['a wrong password was right', { ...seen, failures: [{ way: 'wrong passwords', steps: [step('granted')] }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
