import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/number-reuse/nr-reissue-level.ts'
import { expectFail } from './observed.ts'

const out = { told: true, lastAcceptedMs: 40, alive: false, exchange: 5 }
const kept = { kind: 'ported' as const, told: true, kept: true, exchange: 6 }
const delivered = Array.from({ length: 12 }, (_, i) => ({ ...out, lastAcceptedMs: 10 * (12 - i) }))
const lost = [1, 2].map(n => ({ told: null, lastAcceptedMs: 1000 * n, alive: true, exchange: 7 }))
const base = {
  withinMs: 400,
  watchedMs: 1000,
  lostWatchedMs: 2700,
  delivered,
  lost,
  unharmed: [kept, { ...kept, kind: 'sim-replaced' as const }],
}

describe('nr-reissue-level', () => {
  it('passes when everybody was out in time, and gives the distribution of both kinds of notice', () => {
    const { outcome, figures } = attack.judge(base)
    expect(outcome).toBe('pass')
    expect(figures).toMatchObject({
      kind: 'reissue-level',
      level: {
        withinMs: 400,
        series: [
          { notices: 'delivered', stillAlive: 0, p50Ms: 60, p99Ms: 120 },
          { notices: 'lost', lastAcceptedMs: [1000, 2000], stillAlive: 2, watchedMs: 2700 },
        ],
        unharmed: [
          { kind: 'sim-replaced', numbers: 1, kept: 1 },
          { kind: 'ported', numbers: 1, kept: 1 },
        ],
      },
    })
  })

  it('fails on one former holder who came in after the time that the target has', () => {
    expectFail(attack.judge({ ...base, delivered: [...delivered.slice(1), { ...out, lastAcceptedMs: 401 }] }), 'session-alive')
  })

  it('fails on a session that never ended', () => {
    expectFail(
      attack.judge({ ...base, delivered: [...delivered.slice(1), { ...out, lastAcceptedMs: 990, alive: true }] }),
      'session-alive',
    )
  })

  it('does not take limits and honest failures for a session that lives on', () => {
    const unseen = { ...out, alive: true }
    expect(attack.judge({ ...base, delivered: [...delivered.slice(1), unseen] }).outcome).toBe('pass')
    expect(attack.judge({ ...base, delivered: delivered.map(() => unseen) }).outcome).toBe('inconclusive')
  })

  it('does not accuse the target of what it was never told', () => {
    expect(attack.judge({ ...base, lost: lost.map(one => ({ ...one, lastAcceptedMs: 9_000 })) }).outcome).toBe('pass')
  })

  it('fails when a number that kept its holder lost its session', () => {
    expectFail(attack.judge({ ...base, unharmed: [kept, { ...kept, kept: false }] }), 'lock-out')
  })

  it.each([
    ['most notices were turned away', { ...base, delivered: delivered.map(one => ({ ...one, told: false })) }],
    ['no other change of a number could be watched', { ...base, unharmed: [] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
