import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-after-failure.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const forged = [refused('forgery 1', { calls: [1] }), refused('forgery 2'), refused('forgery 3')]
const base = { forged, genuine: refused('genuine token'), retry: gotIn('new nonce') }

describe('rp-nonce-after-failure', () => {
  it('fails when a genuine token logged in on the nonce of a failed login', () => {
    expectFail(attack.judge({ ...base, genuine: gotIn('genuine token') }), 'credential')
  })

  it('fails when later forgeries reached the carrier on the same nonce', () => {
    const again = [...forged.slice(0, 2), refused('forgery 3', { calls: [7] })]
    expectFail(attack.judge({ ...base, forged: again }), 'carrier-call')
  })

  it('passes when one nonce bought one call and a new one logged in', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['the invented token logged in', { ...base, forged: [gotIn('forgery 1'), ...forged.slice(1)] }],
    ['a new nonce was refused too', { ...base, retry: refused('new nonce') }],
    ['an answer was not clear', { ...base, genuine: refused('genuine token', { status: 503 }) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
