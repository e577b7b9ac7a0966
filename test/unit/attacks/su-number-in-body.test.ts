import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/substitution/su-number-in-body.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const base = { own: 'acc-1', victim: 'acc-2', attempts: [gotIn('in the body'), refused('in the query')] }

describe('su-number-in-body', () => {
  it("fails when the victim's account was reached", () => {
    expectFail(attack.judge({ ...base, attempts: [gotIn('in the body', { account: 'acc-2' })] }), 'account-exposed')
  })

  it('passes when the number beside the token changed nothing', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['both numbers share an account', { ...base, victim: 'acc-1' }],
    ['a third account came up', { ...base, attempts: [gotIn('in the body', { account: 'acc-3' })] }],
    ['the target broke', { ...base, attempts: [refused('in the body', { status: 500, reading: 'failed' })] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
