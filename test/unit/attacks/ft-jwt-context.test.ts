import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-jwt-context.ts'
import { expectFail, session } from './observed.ts'

const base = {
  account: 'acc-1',
  asCredential: [{ name: 'refresh credential', ...session('dead') }],
  asRefresh: [{ name: 'session credential', exchange: 5, state: 'dead' as const }],
  genuine: { credential: session('alive'), refreshed: true },
}

describe('ft-jwt-context', () => {
  it('fails when a refresh credential opened an account', () => {
    expectFail(attack.judge({ ...base, asCredential: [{ name: 'refresh credential', ...session('alive') }] }), 'credential')
  })

  it('fails when a session credential was traded for a new session', () => {
    const asRefresh = [{ name: 'session credential', exchange: 5, state: 'alive' as const }]
    expectFail(attack.judge({ ...base, asRefresh }), 'credential')
  })

  it('passes when each was refused in the place of another and taken in its own', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['the honest login failed', { ...base, account: null }],
    ['values were refused in their own places too', { ...base, genuine: { credential: session('alive'), refreshed: false } }],
    ['an answer was not clear', { ...base, asCredential: [{ name: 'nonce', ...session('unclear') }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
