import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-jwt-key-source.ts'
import { expectFail, session } from './observed.ts'

const base = {
  ownAccount: 'acc-1',
  victimAccount: 'acc-2',
  genuine: [session('alive'), session('alive')],
  forged: [{ name: 'address in jku', ...session('dead') }],
  baitCalls: [],
}

describe('ft-jwt-key-source', () => {
  it("fails with the victim's account when a token with its own key showed it", () => {
    const forged = [{ name: 'public key in jwk', ...session('alive', 'acc-2') }]
    expectFail(attack.judge({ ...base, forged }), 'account-exposed')
  })

  it('fails when the target merely went where the token pointed', () => {
    expectFail(attack.judge({ ...base, baitCalls: ['GET /jwks.json'] }), 'outside-call')
  })

  it('passes when all were refused and nobody took the bait', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it('is inconclusive when the untouched credential did not work either', () => {
    expect(attack.judge({ ...base, genuine: [session('dead')] }).outcome).toBe('inconclusive')
  })
})
