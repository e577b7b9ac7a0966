import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-retry-storm.ts'
import { expectFail, refused } from './observed.ts'

const held = { ...refused('status 503', { status: 502, reading: 'failed', calls: [1] }), durationMs: 20 }

describe('do-retry-storm', () => {
  it('fails when one login became many calls', () => {
    expectFail(attack.judge({ struck: [held, { ...held, calls: [2, 3, 4] }], recovered: true }), 'carrier-call')
  })

  it('passes when each cost at most one try more', () => {
    expect(attack.judge({ struck: [held, { ...held, calls: [2, 3] }], recovered: true }).outcome).toBe('pass')
  })

  it.each([
    ['the carrier saw nothing', { struck: [{ ...held, calls: [] }], recovered: true }],
    ['a login got no answer', { struck: [{ ...held, status: 0 }], recovered: true }],
    ['logins did not recover', { struck: [held], recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
