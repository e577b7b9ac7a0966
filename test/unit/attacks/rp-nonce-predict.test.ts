import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-predict.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const base = { collected: 200, repeated: [], shortest: 22, structure: null, suspicions: [], attempts: [] }
const counted = { ...base, structure: 'decimal numbers that rise in steps of 1' }

describe('rp-nonce-predict', () => {
  it('fails when a foretold nonce logged in', () => {
    expectFail(attack.judge({ ...counted, attempts: [refused('foretold'), gotIn('foretold')] }), 'credential')
  })

  it('fails when a nonce was handed out twice', () => {
    expectFail(attack.judge({ ...base, repeated: [41] }), 'disclosure')
  })

  it('passes when no rule was found', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['a rule was found that let nobody in', { ...counted, attempts: [refused('foretold')] }],
    ['nonces do not look random', { ...base, suspicions: ['3 of 128 bits are not set half of the time'] }],
    ['nonces are short', { ...base, shortest: 6 }],
    ['few nonces could be had', { ...base, collected: 40 }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
