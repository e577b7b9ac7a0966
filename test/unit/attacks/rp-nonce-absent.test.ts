import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-absent.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const spare = gotIn('honest nonce')

describe('rp-nonce-absent', () => {
  it('fails when a login went through without a nonce', () => {
    expectFail(attack.judge({ attempts: [refused('null'), gotIn('left out')], spare }), 'credential')
  })

  it('fails when the carrier was asked although the login was refused', () => {
    expectFail(attack.judge({ attempts: [refused('left out', { calls: [5] })], spare }), 'carrier-call')
  })

  it('passes when all were refused before the carrier was asked', () => {
    expect(attack.judge({ attempts: [refused('left out'), refused('null', { status: 422 })], spare }).outcome).toBe('pass')
  })

  it('is inconclusive when the genuine token does not work with an honest nonce either', () => {
    expect(attack.judge({ attempts: [refused('left out')], spare: refused('honest nonce') }).outcome).toBe('inconclusive')
  })

  it('is inconclusive when a limiter answered instead of the nonce check', () => {
    expect(attack.judge({ attempts: [refused('left out', { status: 429, tries: 3 })], spare }).outcome).toBe('inconclusive')
  })
})
