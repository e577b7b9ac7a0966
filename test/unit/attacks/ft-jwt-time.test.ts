import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-jwt-time.ts'
import { expectFail, session } from './observed.ts'

const seen = {
  ownAccount: 'acc-1',
  victimAccount: 'acc-2',
  genuine: [session('alive')],
  forged: [{ name: 'ended a day ago', ...session('dead') }],
  resigned: session('alive'),
}

describe('ft-jwt-time', () => {
  it('fails when a token whose time is over opens an account', () => {
    expectFail(attack.judge({ ...seen, forged: [{ name: 'ended a day ago', ...session('alive') }] }), 'credential')
  })

  it('passes when all were refused and the same key signed a good one', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
  })

  it.each([
    ['the lent key signs nothing that is accepted', { ...seen, resigned: session('dead') }],
    ['the untouched credential did not work', { ...seen, genuine: [session('dead')] }],
    ['an answer was unclear', { ...seen, forged: [{ name: 'end is null', ...session('unclear') }] }],
    ['the logins did not succeed', { ...seen, ownAccount: null, resigned: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
