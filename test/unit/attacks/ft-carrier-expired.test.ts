import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-carrier-expired.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const late = [gotIn('late')]
const expired = [refused('china-mobile', { calls: [1] }), refused('china-unicom')]

describe('ft-carrier-expired', () => {
  it('fails when an expired token logged in', () => {
    expectFail(attack.judge({ expired: [...expired, gotIn('a day')], late }), 'credential')
  })

  it('fails when an expired token cost several carrier calls', () => {
    expectFail(attack.judge({ expired: [refused('a day', { calls: [1, 2] })], late }), 'carrier-call')
  })

  it('passes when expired tokens were refused and late ones logged in', () => {
    expect(attack.judge({ expired, late }).outcome).toBe('pass')
  })

  it.each([
    ['tokens within their life were refused too', { expired, late: [refused('late')] }],
    ['an expired token met a limiter', { expired: [refused('a day', { status: 429 })], late }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
