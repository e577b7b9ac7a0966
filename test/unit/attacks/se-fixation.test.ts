import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/session/se-fixation.ts'
import { expectFail, login, session } from './observed.ts'

const invented = {
  value: 'an invented value' as const,
  place: 'body' as const,
  before: session('dead'),
  after: session('dead'),
  same: false,
  victim: login('acc-5'),
}
const live = {
  value: "the attacker's live session" as const,
  place: 'cookies and headers' as const,
  before: session('alive', 'acc-1'),
  after: session('alive', 'acc-1'),
  same: false,
  victim: login('acc-6'),
}
const base = { attacker: 'acc-1', planted: [invented, live] }

describe('se-fixation', () => {
  it.each([
    { ...invented, after: session('alive', 'acc-5'), same: true },
    { ...live, after: session('alive', 'acc-6') },
  ])("fails when $value opens the victim's account", planted => {
    expectFail(attack.judge({ ...base, planted: [planted] }), 'account-exposed')
  })

  it('passes when neither does', () => {
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, planted: [{ ...live, after: session('dead') }] }).outcome).toBe('pass')
    expect(attack.judge({ ...base, planted: [live, { ...invented, victim: login(null) }] }).outcome).toBe('pass')
  })

  it.each([
    ['the attacker could not log in', { attacker: null, planted: [] }],
    ['no login with a planted value succeeded', { ...base, planted: [{ ...invented, victim: login(null) }] }],
    ['a login got no clear answer', { ...base, planted: [live, { ...invented, victim: login(null, { status: 429 }) }] }],
    ['a session could not be read', { ...base, planted: [{ ...invented, after: session('unclear') }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
