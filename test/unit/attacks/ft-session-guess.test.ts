import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-session-guess.ts'
import { expectFail, session } from './observed.ts'

const base = { collected: 12, shortest: 43, rule: null, victim: 'acc-2', guesses: [] }
const ruled = { ...base, rule: 'sha256 digests of a count' }

describe('ft-session-guess', () => {
  it("fails when a computed credential opened the victim's account", () => {
    const guesses = [
      { name: '1 ahead', ...session('dead') },
      { name: '2 ahead', ...session('alive', 'acc-2') },
    ]
    expectFail(attack.judge({ ...ruled, guesses }), 'account-exposed')
  })

  it('passes when no rule was found', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['a rule was found that opened nothing', { ...ruled, guesses: [{ name: '1 ahead', ...session('dead') }] }],
    ['credentials are short', { ...base, shortest: 12 }],
    ['logins failed', { ...base, collected: 3 }],
    ['the victim could not log in', { ...base, victim: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
