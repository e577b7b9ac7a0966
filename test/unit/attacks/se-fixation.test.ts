import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/session/se-fixation.ts'
import { expectFail, session } from './observed.ts'

const invented = {
  variant: 'an invented value' as const,
  before: session('dead'),
  after: session('dead'),
  same: false,
  victim: 'acc-5',
}
const live = {
  variant: "the attacker's live session" as const,
  before: session('alive', 'acc-1'),
  after: session('alive', 'acc-1'),
  same: false,
  victim: 'acc-6',
}
const base = { attacker: 'acc-1', planted: [invented, live] }

describe('se-fixation', () => {
  it.each([
    { ...invented, after: session('alive', 'acc-5'), same: true },
    { ...live, after: session('alive', 'acc-6') },
  ])("fails when $variant opens the victim's account", planted => {
    expectFail(attack.judge({ ...base, planted: [planted] }), 'account-exposed')
  })

  it('passes when neither does', () => {
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, planted: [{ ...live, after: session('dead') }] }).outcome).toBe('pass')
  })

  it.each([
    ['the attacker could not log in', { attacker: null, planted: [] }],
    ['the victim could not log in', { ...base, planted: [{ ...invented, victim: null }] }],
    ['a session could not be read', { ...base, planted: [{ ...invented, after: session('unclear') }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
