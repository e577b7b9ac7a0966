import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-expired.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const base = { lifeMs: 1500, inTime: gotIn('within its life'), late: refused('past its life') }

describe('rp-nonce-expired', () => {
  it('fails when the late nonce logged in', () => {
    expectFail(attack.judge({ ...base, late: gotIn('past its life') }), 'credential')
  })

  it('fails when it cost a carrier call', () => {
    expectFail(attack.judge({ ...base, late: refused('past its life', { calls: [8] }) }), 'carrier-call')
  })

  it('passes when it was refused and one in time was not', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['one in time was refused too', { ...base, inTime: refused('within its life') }],
    ['the target broke', { ...base, late: refused('past its life', { status: 500, reading: 'failed' }) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
