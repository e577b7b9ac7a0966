import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-invented.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const spare = gotIn('honest nonce')

describe('rp-nonce-invented', () => {
  it('fails when a login went through with an invented nonce', () => {
    expectFail(attack.judge({ attempts: [refused('turned round'), gotIn('invented in the right shape')], spare }), 'credential')
  })

  it('fails when the carrier was asked although the login was refused', () => {
    expectFail(attack.judge({ attempts: [refused('doubled', { calls: [5] })], spare }), 'carrier-call')
  })

  it('passes when all were refused before the carrier was asked', () => {
    expect(attack.judge({ attempts: [refused('doubled'), refused('turned round')], spare }).outcome).toBe('pass')
  })

  it('is inconclusive when the genuine token does not work with an honest nonce either', () => {
    expect(attack.judge({ attempts: [refused('doubled')], spare: refused('honest nonce') }).outcome).toBe('inconclusive')
  })
})
