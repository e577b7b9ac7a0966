import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-carrier-random.ts'
import { expectFail, gotIn, refused } from './observed.ts'

describe('ft-carrier-random', () => {
  it('fails when an invented token opened an account', () => {
    expectFail(attack.judge({ attempts: [refused('a'), gotIn('b')] }), 'credential')
  })

  it('fails when one refusal cost two carrier calls', () => {
    expectFail(attack.judge({ attempts: [refused('a', { calls: [1, 2] })] }), 'carrier-call')
  })

  it('allows each of several tries its own carrier call', () => {
    expect(attack.judge({ attempts: [refused('a', { calls: [1, 2], tries: 2 })] }).outcome).toBe('pass')
  })

  it('passes when all were refused at the cost of a call each', () => {
    expect(attack.judge({ attempts: [refused('a', { calls: [1] }), refused('b')] }).outcome).toBe('pass')
  })

  it.each([
    ['a bare 200', { status: 200, reading: 'granted' as const }],
    ['a 429', { status: 429 }],
    ['a 503', { status: 503, reading: 'failed' as const }],
    ['a 500', { status: 500, reading: 'failed' as const }],
    ['silence', { status: 0, reading: 'failed' as const }],
  ])('takes %s neither for success nor for a refusal', (_, answer) => {
    expect(attack.judge({ attempts: [refused('a'), refused('b', answer)] }).outcome).toBe('inconclusive')
  })
})
