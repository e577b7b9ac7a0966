import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-crosstalk.ts'
import { expectFail } from './observed.ts'

const own = (n: number) => ({ exchange: n, expected: `acc-${n % 3}`, got: `acc-${n % 3}` })
const logins = [1, 2, 3, 4, 5, 6].map(own)

describe('cf-crosstalk', () => {
  it('fails on one mix-up', () => {
    expectFail(
      attack.judge({ phones: 3, logins: [...logins, { exchange: 9, expected: 'acc-1', got: 'acc-2' }] }),
      'account-exposed',
    )
  })

  it('passes when everybody reached their own account, with the bound that gives', () => {
    const { outcome, claim } = attack.judge({ phones: 3, logins })
    expect(outcome).toBe('pass')
    expect(claim).toContain('39.3 %')
  })

  it.each([
    ['most logins failed', { phones: 3, logins: [own(1), ...logins.map(one => ({ ...one, got: null }))] }],
    ['nobody had an account to begin with', { phones: 3, logins: logins.map(one => ({ ...one, expected: null })) }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
