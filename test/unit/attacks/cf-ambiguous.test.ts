import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-ambiguous.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const held = { ...refused('no code', { status: 502, reading: 'failed' }), durationMs: 20 }

describe('cf-ambiguous', () => {
  it('fails when an answer that was no success logged somebody in', () => {
    expectFail(attack.judge({ struck: [held, { ...gotIn('no code'), durationMs: 9 }], recovered: true }), 'credential')
  })

  it('passes when all were turned away', () => {
    expect(attack.judge({ struck: [held, held], recovered: true }).outcome).toBe('pass')
  })

  it.each([
    ['a login got no answer', { struck: [{ ...held, status: 0 }], recovered: true }],
    ['logins did not recover', { struck: [held], recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
