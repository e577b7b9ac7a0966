import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-jwt-signature.ts'
import { expectFail, session } from './observed.ts'

const base = { ownAccount: 'acc-1', victimAccount: 'acc-2', genuine: [session('alive'), session('alive')] }
const dead = { name: 'forged', ...session('dead') }

describe('ft-jwt-signature', () => {
  it("fails with the victim's account when a forgery showed it", () => {
    expectFail(attack.judge({ ...base, forged: [dead, { name: 'stolen', ...session('alive', 'acc-2') }] }), 'account-exposed')
  })

  it('fails when a forgery opened the own account: nothing was checked then', () => {
    expectFail(attack.judge({ ...base, forged: [dead, { name: 'own', ...session('alive', 'acc-1') }] }), 'credential')
  })

  it('passes when all forgeries were refused and the untouched credential worked throughout', () => {
    expect(attack.judge({ ...base, forged: [dead, dead] }).outcome).toBe('pass')
  })

  it.each([
    ['the untouched credential stopped working', { ...base, genuine: [session('alive'), session('dead')], forged: [dead] }],
    ['a forgery got no clear answer', { ...base, forged: [dead, { name: 'slow', ...session('unclear') }] }],
    ['a login before failed', { ...base, victimAccount: null, genuine: [], forged: [] }],
    ['both numbers share an account', { ...base, victimAccount: 'acc-1', forged: [{ name: 'own', ...session('alive') }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
