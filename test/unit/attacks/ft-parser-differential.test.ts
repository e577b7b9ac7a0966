import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-parser-differential.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const twin = { place: 'in the query', both: gotIn('both', { calls: [] }), usedOther: false, broken: refused('broken') }

describe('ft-parser-differential', () => {
  it('fails when the second token was spent though only the first is checked', () => {
    const split = { ...twin, both: gotIn('both', { account: 'acc-2', calls: [9] }), usedOther: true }
    expectFail(attack.judge({ own: 'acc-1', other: 'acc-2', twins: [twin, split] }), 'account-exposed')
  })

  it('fails when the second token reached the carrier without a login', () => {
    const split = { ...twin, both: refused('both', { calls: [9] }), usedOther: true }
    expectFail(attack.judge({ own: 'acc-1', other: 'acc-2', twins: [split] }), 'carrier-call')
  })

  it('passes a backend that reads the second alone, for everything', () => {
    const last = { ...twin, both: gotIn('both', { account: 'acc-2', calls: [9] }), usedOther: true, broken: gotIn('broken') }
    expect(attack.judge({ own: 'acc-1', other: 'acc-2', twins: [twin, last] }).outcome).toBe('pass')
  })

  it.each([
    ['the honest logins did not lead to two accounts', { own: 'acc-1', other: null, twins: [] }],
    [
      'a request got no clear answer',
      { own: 'acc-1', other: 'acc-2', twins: [{ ...twin, broken: refused('b', { status: 503 }) }] },
    ],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
