import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-jwt-kid.ts'
import { expectFail, session } from './observed.ts'

const base = { ownAccount: 'acc-1', victimAccount: 'acc-2', genuine: [session('alive'), session('alive')] }
const dead = { name: 'forged', ...session('dead') }

describe('ft-jwt-kid', () => {
  it("fails with the victim's account when a forgery showed it", () => {
    expectFail(attack.judge({ ...base, forged: [dead, { name: 'stolen', ...session('alive', 'acc-2') }] }), 'account-exposed')
  })

  it('passes when all forgeries were refused and the untouched credential worked throughout', () => {
    expect(attack.judge({ ...base, forged: [dead, dead] }).outcome).toBe('pass')
  })

  it('is inconclusive when a forgery got no clear answer', () => {
    expect(attack.judge({ ...base, forged: [dead, { name: 'slow', ...session('unclear') }] }).outcome).toBe('inconclusive')
  })
})
