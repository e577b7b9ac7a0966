import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-nonce-store.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const seen = {
  limit: 1_000,
  asked: 2_200,
  given: 1_000,
  lastExchanges: [9],
  first: gotIn('first use', { session: 'one' }),
  unused: gotIn('unused before the flood'),
  used: refused('used before the flood'),
}

describe('do-nonce-store', () => {
  it('fails when more nonces are given than two windows allow', () => {
    expectFail(attack.judge({ ...seen, given: 2_200 }), 'side-effect')
  })

  it('fails when a used nonce is good again', () => {
    expectFail(attack.judge({ ...seen, used: gotIn('used before the flood') }), 'credential')
    expectFail(attack.judge({ ...seen, used: refused('used before the flood', { calls: [3] }) }), 'carrier-call')
  })

  it('passes when the flood was bounded, or no bound is declared and nothing was washed out', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    expect(attack.judge({ ...seen, limit: null, given: 2_200 }).outcome).toBe('pass')
  })

  it.each([
    [
      'the nonce was never used up',
      { ...seen, first: refused('first use', { status: 429 }), used: gotIn('used before the flood') },
    ],
    ['an earlier reply was told again', { ...seen, used: gotIn('used before the flood', { session: 'one', calls: [] }) }],
    ['an honest nonce was gone', { ...seen, unused: refused('unused before the flood') }],
    ['the used one got no plain refusal', { ...seen, used: refused('used before the flood', { status: 429 }) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
