import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/substitution/su-purpose-swap.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const logins = [{ ...refused('china-mobile', { calls: [3] }), strayed: [] }]
const asked = { variant: 'china-mobile', exchange: 5, status: 401, refused: true, answered: false }
const seen = { logins, verifications: [asked], right: [gotIn('china-mobile')] }

describe('su-purpose-swap', () => {
  it('fails when a token for verification logs in', () => {
    expectFail(attack.judge({ ...seen, logins: [{ ...gotIn('china-mobile'), strayed: [] }] }), 'credential')
  })

  it('fails when a token for login verifies a number', () => {
    const answered = { ...asked, status: 200, refused: false, answered: true }
    expectFail(attack.judge({ ...seen, verifications: [answered] }), 'side-effect')
  })

  it('fails when a login asks the carrier at another operation', () => {
    expectFail(attack.judge({ ...seen, logins: [{ ...refused('china-mobile', { calls: [3] }), strayed: [3] }] }), 'carrier-call')
  })

  it('fails when one login asks the carrier twice', () => {
    expectFail(
      attack.judge({ ...seen, logins: [{ ...refused('china-mobile', { calls: [3, 4] }), strayed: [] }] }),
      'carrier-call',
    )
  })

  it('passes when each token is good for its own purpose only', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    expect(attack.judge({ ...seen, verifications: [] }).outcome).toBe('pass')
  })

  it.each([
    ['tokens for login were refused too', { ...seen, right: [refused('china-mobile')] }],
    ['a verification got no clear answer', { ...seen, verifications: [{ ...asked, status: 503, refused: false }] }],
    ['the target broke', { ...seen, logins: [{ ...refused('china-mobile', { status: 500, reading: 'failed' }), strayed: [] }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
