import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/availability/do-slow-connections.ts'
import { expectFail, login } from './observed.ts'

const slow = (kind: 'silent' | 'head by the line' | 'body by the byte', letGoAfterMs: number | null) => ({
  kind,
  exchange: 8,
  letGoAfterMs,
})
const seen = {
  deadlineMs: 10_000,
  watchedMs: 12_000,
  slow: [slow('head by the line', 5_900), slow('body by the byte', 10_400), slow('silent', 6_000)],
  meanwhile: [login('acc-1')],
}

describe('do-slow-connections', () => {
  it.each(['head by the line', 'body by the byte'] as const)('fails when a connection that sends its %s is waited for', kind => {
    expectFail(attack.judge({ ...seen, slow: [...seen.slow, slow(kind, null)] }), 'side-effect')
  })

  it('passes when all were ended, and does not mind those that said nothing', () => {
    expect(attack.judge(seen).outcome).toBe('pass')
    expect(attack.judge({ ...seen, slow: [slow('silent', null)] }).outcome).toBe('pass')
  })

  it('is inconclusive when honest logins failed meanwhile', () => {
    expect(attack.judge({ ...seen, meanwhile: [login('acc-1'), login(null)] }).outcome).toBe('inconclusive')
  })
})
