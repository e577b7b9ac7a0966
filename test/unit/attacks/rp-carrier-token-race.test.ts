import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-carrier-token-race.ts'
import { expectFail, gotIn, meeting } from './observed.ts'

const one = { winners: [gotIn('raced')], calls: [3], ...meeting }
const crowd = { winners: [1, 2, 3, 4, 5].map(n => gotIn('raced', { session: `s-${n}` })), calls: [], ...meeting }
const base = { width: 8, oneToken: [one, one, one], newNumber: [crowd, crowd, crowd] }

describe('rp-carrier-token-race', () => {
  it('fails on two sessions from one token', () => {
    const twice = { ...one, winners: [gotIn('raced'), gotIn('raced', { session: 's-2' })] }
    expectFail(attack.judge({ ...base, oneToken: [one, one, twice] }), 'second-session')
  })

  it('fails on two accounts of one number', () => {
    const doubled = { ...crowd, winners: [gotIn('raced'), gotIn('raced', { account: 'acc-2', session: 's-2' })] }
    expectFail(attack.judge({ ...base, newNumber: [crowd, crowd, doubled] }), 'second-session')
  })

  it('passes with one winner and one account in every round', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['nobody won', { ...base, oneToken: [{ ...one, winners: [] }, { ...one, winners: [] }, one] }],
    ['the requests left too far apart', { ...base, oneToken: base.oneToken.map(round => ({ ...round, spreadMs: 30 })) }],
    ['honest logins at once did not succeed', { ...base, newNumber: base.newNumber.map(round => ({ ...round, winners: [] })) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
