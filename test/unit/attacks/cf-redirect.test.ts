import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-redirect.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const away = { ...refused('china-mobile: status 302', { status: 502, reading: 'failed' }), durationMs: 20 }
const seen = { struck: [away], baitCalls: [], recovered: true }

describe('cf-redirect', () => {
  it('fails when the address in the redirect was called', () => {
    expectFail(attack.judge({ ...seen, baitCalls: ['POST /elsewhere'] }), 'outside-call')
  })

  it('fails when a redirect logged somebody in', () => {
    expectFail(attack.judge({ ...seen, struck: [{ ...gotIn('china-mobile: status 302'), durationMs: 9 }] }), 'credential')
  })

  it('passes when it was not followed', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
  })

  it.each([
    ['no answer came', { ...seen, struck: [{ ...away, status: 0 }] }],
    ['nobody could log in afterwards', { ...seen, recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
