import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/leaks/lk-number-response.ts'
import { expectFail } from './observed.ts'

const looked = { reply: 'profile', exchange: 4, status: 200, length: 120, found: [] as string[] }

describe('lk-number-response', () => {
  it('fails when the number stood in a reply', () => {
    expectFail(attack.judge({ account: 'acc-1', looked: [looked, { ...looked, found: ['in base64'] }] }), 'disclosure')
  })

  it('fails on the evidence even when the login did not succeed', () => {
    expectFail(attack.judge({ account: null, looked: [{ ...looked, found: ['as it is'] }] }), 'disclosure')
  })

  it('passes when it stood in none', () => {
    expect(attack.judge({ account: 'acc-1', looked: [looked, looked] }).outcome).toBe('pass')
  })

  it.each([
    ['the login failed', { account: null, looked: [looked] }],
    ['a reply never came', { account: 'acc-1', looked: [looked, { ...looked, status: 0, length: 0 }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
