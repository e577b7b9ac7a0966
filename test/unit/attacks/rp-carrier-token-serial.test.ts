import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-carrier-token-serial.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const first = gotIn('first', { calls: [3] })
const spare = gotIn('another token', { session: 's-9' })

describe('rp-carrier-token-serial', () => {
  it('fails when the token opened a second session', () => {
    expectFail(attack.judge({ first, second: gotIn('same token', { session: 's-2', calls: [3, 4] }), spare }), 'second-session')
  })

  it('fails when the token was taken to the carrier twice', () => {
    expectFail(attack.judge({ first, second: refused('same token', { calls: [3, 4] }), spare }), 'carrier-call')
  })

  it("passes when it was refused; the first login's own call does not count", () => {
    expect(attack.judge({ first, second: refused('same token', { calls: [3] }), spare }).outcome).toBe('pass')
  })

  it.each([
    ['the same session came back without a call', { first, second: gotIn('same token', { calls: [3] }), spare }],
    ['a fresh token fails too', { first, second: refused('same token', { calls: [3] }), spare: refused('another token') }],
    ['the first login failed', { first: refused('first'), second: null, spare: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
