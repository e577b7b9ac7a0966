import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/session/se-refresh-reuse.ts'
import { expectFail, meeting, session } from './observed.ts'

const trade = (n: number) => ({ exchange: n, status: 200, reading: 'granted', session: `s-${n}`, refresh: `r-${n}` })
const no = (n: number) => ({ exchange: n, status: 401, reading: 'refused', session: null, refresh: null })
const base = {
  account: 'acc-1',
  rotated: [trade(1), trade(2), trade(3)],
  reused: no(4),
  thief: null,
  owner: session('dead'),
  rounds: [{ ...meeting, trades: [trade(5), no(6), no(7)] }, null],
}

describe('se-refresh-reuse', () => {
  it('fails when a used refresh credential gave a new session', () => {
    expectFail(attack.judge({ ...base, reused: trade(4), thief: session('alive') }), 'second-session')
  })

  it('fails when one gave two successors at once', () => {
    expectFail(attack.judge({ ...base, rounds: [{ ...meeting, trades: [trade(5), trade(6)] }] }), 'second-session')
  })

  it('passes when reuse was refused and cut the session', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['an honest refresh failed', { ...base, rotated: [trade(1), no(2)] }],
    ['the family lives on', { ...base, owner: session('alive') }],
    ['reuse got no plain refusal', { ...base, reused: { ...no(4), status: 503, reading: 'failed' } }],
    ['no race could show anything', { ...base, rounds: [{ ...meeting, overlap: 0.1, trades: [trade(5), no(6)] }] }],
    ['the same successor was repeated', { ...base, reused: trade(1), thief: session('alive') }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
