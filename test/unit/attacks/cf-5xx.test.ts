import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-5xx.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const held = { ...refused('status 503', { status: 502, reading: 'failed' }), durationMs: 20 }

describe('cf-5xx', () => {
  it('fails when a login went through without the carrier', () => {
    expectFail(attack.judge({ struck: [held, { ...gotIn('status 500'), durationMs: 9 }], recovered: true }), 'credential')
  })

  it('passes when all were turned away and logins work again', () => {
    expect(attack.judge({ struck: [held, held], recovered: true }).outcome).toBe('pass')
  })

  it.each([
    ['a login got no answer', { struck: [{ ...held, status: 0 }], recovered: true }],
    ['logins did not recover', { struck: [held], recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
