import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-sms-pumping.ts'
import { expectFail } from './observed.ts'

const one = { asked: 14, delivered: 1, exchanges: [1, 2] }
const many = { asked: 112, delivered: 100, exchanges: [3, 4] }
const base = { oneNumber: one, manyNumbers: many, bystander: true }

describe('do-sms-pumping', () => {
  it('fails when one number was sent message after message', () => {
    expectFail(attack.judge({ ...base, oneNumber: { ...one, delivered: 14 } }), 'side-effect')
  })

  it('fails when one address had messages sent to everybody', () => {
    expectFail(attack.judge({ ...base, manyNumbers: { ...many, delivered: 112 } }), 'side-effect')
  })

  it('passes when both are bounded and somebody else is served', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['nothing was sent at all', { ...base, oneNumber: { ...one, delivered: 0 } }],
    ['somebody else’s code did not come', { ...base, bystander: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
