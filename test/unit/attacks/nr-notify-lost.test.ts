import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-notify-lost.ts'
import { expectFail, login } from './observed.ts'

type Pair = [ReturnType<typeof login>, ReturnType<typeof login>]
const unchanged: Pair = [login('acc-7'), login('acc-7')]
const base = { former: login('acc-1'), owner: login('acc-2'), unchanged }

describe('nr-notify-lost', () => {
  it('fails when the new owner reached the former owner’s account', () => {
    expectFail(attack.judge({ ...base, owner: login('acc-1') }), 'account-exposed')
  })

  it('passes when the new owner got an account of their own, or was asked for more', () => {
    expect(attack.judge(base).outcome).toBe('pass')
    expect(attack.judge({ ...base, owner: login(null, { status: 409 }) }).outcome).toBe('pass')
  })

  it.each([
    ['an unchanged subscriber was kept out too', { ...base, unchanged: [login('acc-7'), login(null)] as Pair }],
    ['the new owner got no clear answer', { ...base, owner: login(null, { status: 503, reading: 'failed' }) }],
    ['the former owner could not log in', { ...base, former: login(null), owner: null }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
