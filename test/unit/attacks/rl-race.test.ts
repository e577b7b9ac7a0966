import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/rate-limit/rl-race.ts'
import { expectFail, meeting } from './observed.ts'

const clean = { exchanges: [1, 2, 3], granted: 1, arrived: 1, ...meeting }
const base = { serial: 1, width: 8, bursts: [clean, clean] }

describe('rl-race', () => {
  it('fails when a burst brought more messages than come one after the other', () => {
    expectFail(attack.judge({ ...base, bursts: [clean, { ...clean, granted: 3, arrived: 3 }] }), 'side-effect')
  })

  it.each([
    ['no burst did', base],
    ['some bursts were refused altogether', { ...base, bursts: [clean, { ...clean, granted: 0, arrived: 0 }] }],
    ['more were granted than arrived', { ...base, bursts: [{ ...clean, granted: 4 }] }],
  ])('passes when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('pass')
  })

  it.each([
    ['no limit was met', { ...base, serial: null, bursts: [] }],
    ['no message could be had', { ...base, serial: 0 }],
    ['the limit is wider than a burst', { ...base, serial: 8, bursts: [] }],
    ['no burst arrived together', { ...base, bursts: [{ ...clean, spreadMs: 30 }] }],
    ['no burst got anything through', { ...base, bursts: [{ ...clean, granted: 0, arrived: 0 }] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
