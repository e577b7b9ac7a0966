import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/leaks/lk-otp-echo.ts'
import { expectFail, step } from './observed.ts'

const sent = { purpose: 'login' as const, step: step('granted'), arrived: true, found: [] as string[] }
const reset = { ...sent, purpose: 'reset' as const }
const told = ['as md5']

describe('lk-otp-echo', () => {
  it('fails when each reply for a purpose held its code', () => {
    const all = [sent, sent, { ...reset, found: told }, { ...reset, found: told }]
    expectFail(attack.judge({ sent: all }), 'disclosure')
  })

  it('passes when none did', () => {
    expect(attack.judge({ sent: [sent, sent, reset, { ...reset, arrived: false }] }).outcome).toBe('pass')
  })

  it.each([
    ['no code arrived', [{ ...sent, arrived: false }, reset]],
    ['one of two held it', [sent, { ...sent, found: told }]],
    ['nothing was sent', []],
  ])('is inconclusive when %s', (_, all) => {
    expect(attack.judge({ sent: all }).outcome).toBe('inconclusive')
  })
})
