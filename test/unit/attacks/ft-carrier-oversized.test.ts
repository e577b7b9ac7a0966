import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-carrier-oversized.ts'
import type { Poured } from '../../../attacks/kit/overlong.ts'
import { expectFail, refused } from './observed.ts'

const early: Poured = { variant: 'oneTap, in chunks', exchange: 4, status: 413, sentBytes: 300_000, end: 'early' }
const seen = { poured: [early], odd: [refused('token nested deeply')], halves: true }

describe('ft-carrier-oversized', () => {
  it('fails when a request was taken in whole and then refused for what it said', () => {
    expectFail(attack.judge({ ...seen, poured: [early, { ...early, status: 400, end: 'whole' }] }), 'side-effect')
  })

  it('fails when an odd body made the target break', () => {
    const crashed = refused('token nested deeply', { status: 500, reading: 'failed' })
    expectFail(attack.judge({ ...seen, odd: [crashed] }), 'server-error')
  })

  it('passes when it was turned away on the way, or cut off without a word', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    expect(attack.judge({ ...seen, poured: [{ ...early, status: 0 }] }).outcome).toBe('pass')
  })

  it('does not hold it against a target that its "too large" arrived last', () => {
    expect(attack.judge({ ...seen, poured: [{ ...early, end: 'whole' }] }).outcome).toBe('pass')
  })

  it.each([
    ['nothing was said at all', { ...seen, poured: [{ ...early, status: 0, end: 'silent' as const }] }],
    ['an honest login in halves was not granted', { ...seen, halves: false }],
    ['an odd body got no plain refusal', { ...seen, odd: [refused('token of many fields', { status: 429 })] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
