import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/leaks/lk-number-logs.ts'
import { expectFail } from './observed.ts'

const secret = { what: 'number', exchange: 4, found: [] as string[] }

describe('lk-number-logs', () => {
  it('fails when a value of the login stood in the log', () => {
    expectFail(attack.judge({ account: 'acc-1', lines: 9, secrets: [secret, { ...secret, found: ['as it is'] }] }), 'disclosure')
  })

  it('passes when none did', () => {
    expect(attack.judge({ account: 'acc-1', lines: 9, secrets: [secret] }).outcome).toBe('pass')
  })

  it('is inconclusive when the login failed', () => {
    expect(attack.judge({ account: null, lines: 9, secrets: [secret] }).outcome).toBe('inconclusive')
  })
})
