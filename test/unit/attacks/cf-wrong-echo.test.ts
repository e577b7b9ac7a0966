import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-wrong-echo.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const held = { ...refused('wrong echo', { status: 502, reading: 'failed' }), durationMs: 20 }

describe('cf-wrong-echo', () => {
  it('fails when an answer to another request logged somebody in', () => {
    expectFail(attack.judge({ struck: [held, { ...gotIn('wrong echo'), durationMs: 9 }], recovered: true }), 'credential')
  })

  it('passes when all were turned away', () => {
    expect(attack.judge({ struck: [held], recovered: true }).outcome).toBe('pass')
  })

  it.each([
    ['a login got no answer', { struck: [{ ...held, status: 0 }], recovered: true }],
    ['logins did not recover', { struck: [held], recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
