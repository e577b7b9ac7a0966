import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/injection/in-sql.ts'
import { expectFail } from './observed.ts'

const tried = { field: 'nickname', variant: 'joined by ||', exchange: 3, status: 200, computed: false }
const harmless = { exchange: 4, status: 200, kept: true }
const base = { shown: ['nickname'], tried: [tried, { ...tried, status: 400 }], harmless }

describe('in-sql', () => {
  it('fails when the profile showed the value of an expression', () => {
    expectFail(attack.judge({ ...base, tried: [tried, { ...tried, computed: true }] }), 'side-effect')
  })

  it('passes when texts stayed texts or were refused', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['the login failed', { shown: [], tried: [], harmless: null }],
    ['a quote broke the target', { ...base, tried: [{ ...tried, status: 500 }] }],
    ['a harmless quote did', { ...base, harmless: { ...harmless, status: 500, kept: false } }],
    ['a limiter answered', { ...base, tried: [{ ...tried, status: 429 }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
