import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-forged-flood.ts'
import { expectFail } from './observed.ts'

const rows = (n: number) => Array.from({ length: n }, (_, i) => i + 1)
const base = { limit: 300, sent: 348, calls: rows(300), lastExchanges: [9], bystander: true }

describe('do-forged-flood', () => {
  it('fails when each invented token cost a call', () => {
    expectFail(attack.judge({ ...base, calls: rows(348) }), 'carrier-call')
  })

  it('passes at the declared limit, and allows for what was under way', () => {
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, calls: rows(312) }).outcome).toBe('pass')
  })

  it.each([
    ['no call was made', { ...base, calls: [] }],
    ['an honest login from elsewhere failed', { ...base, bystander: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
