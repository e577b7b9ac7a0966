import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/carrier-failure/cf-timeout.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const held = { ...refused('silent', { status: 502, reading: 'failed' }), durationMs: 700 }
const late = { struck: held, exchange: 31, created: true }
const base = { struck: [held], late, recovered: true }

describe('cf-timeout', () => {
  it('fails when a login went through without an answer', () => {
    expectFail(attack.judge({ ...base, struck: [{ ...gotIn('silent'), durationMs: 9 }] }), 'credential')
  })

  it('fails when a login that was refused made an account after all', () => {
    expectFail(attack.judge({ ...base, late: { ...late, created: false } }), 'side-effect')
  })

  it.each([
    ['the late answer left nothing behind', base],
    ['nothing could be said about a late answer', { ...base, late: null }],
    ['the target does not say who made the account', { ...base, late: { ...late, created: null } }],
  ])('passes when all were turned away and %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('pass')
  })

  it.each([
    ['a login got no answer', { ...base, struck: [{ ...held, status: 0 }] }],
    ['logins did not recover', { ...base, recovered: false }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
