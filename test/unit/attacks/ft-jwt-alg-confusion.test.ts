import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-jwt-alg-confusion.ts'
import { expectFail, session } from './observed.ts'

const seen = {
  ownAccount: 'acc-1',
  victimAccount: 'acc-2',
  genuine: [session('alive')],
  forged: [{ name: 'HS256, key 1 as PEM', ...session('dead') }],
}

describe('ft-jwt-alg-confusion', () => {
  it('fails when the public key opened the victim’s account', () => {
    const taken = { name: 'HS256, key 1 as PEM', ...session('alive', 'acc-2') }
    expectFail(attack.judge({ ...seen, forged: [taken] }), 'account-exposed')
  })

  it('passes when all were refused', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
  })

  it('is inconclusive when the untouched credential did not work either', () => {
    expect(attack.judge({ ...seen, genuine: [session('dead')] }).outcome).toBe('inconclusive')
  })
})
