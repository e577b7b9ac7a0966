import { describe, expect, it } from 'vitest'
import { boundAfterCleanRounds, roundsForBound } from '../../../attacks/kit/bound.ts'
import attack from '../../../attacks/replay/rp-nonce-race.ts'
import { expectFail, gotIn, meeting } from './observed.ts'

const crowd = { sent: 8, gotIn: 8 }
const clean = { winners: [gotIn('raced')], calls: [3], tokensSpent: 1, ...meeting, spreadMs: 0.3 }
const rounds = (n: number, round = clean) => Array.from({ length: n }, () => round)

describe('rp-nonce-race', () => {
  it('fails on two different sessions in one round', () => {
    const hit = { ...clean, winners: [gotIn('raced'), gotIn('raced', { session: 's-2' })], calls: [3, 4], tokensSpent: 2 }
    expectFail(attack.judge({ width: 8, crowd, rounds: [...rounds(3), hit] }), 'second-session')
  })

  it('fails on a second carrier call even when only one login won', () => {
    expectFail(attack.judge({ width: 8, crowd, rounds: [{ ...clean, calls: [3, 4], tokensSpent: 2 }] }), 'carrier-call')
  })

  it('does not take a repeated carrier call for one token for a second login', () => {
    expect(attack.judge({ width: 8, crowd, rounds: rounds(20, { ...clean, calls: [3, 4] }) }).outcome).toBe('pass')
  })

  it('does not count one session answered many times as many winners', () => {
    const repeated = { ...clean, winners: [gotIn('raced'), gotIn('raced')] }
    expect(attack.judge({ width: 8, crowd, rounds: rounds(20, repeated) }).outcome).toBe('pass')
  })

  it('passes with the bound that clean rounds give', () => {
    const { outcome, claim, figures } = attack.judge({ width: 20, crowd, rounds: rounds(100) })
    expect(outcome).toBe('pass')
    expect(claim).toBe('No second winner in 100 rounds of 20, spread 0.30 ms: below 3 % at 95 %.')
    const race = { rounds: 100, width: 20, method: 'h2-last-frame', spreadMs: 0.3, overlap: 1, confidence: 0.95 }
    expect(figures).toMatchObject({ kind: 'race-bound', races: [race] })
  })

  it.each([
    ['honest logins at once do not succeed either', { width: 8, crowd: { sent: 8, gotIn: 4 }, rounds: rounds(20) }],
    ['most rounds had no winner', { width: 8, crowd, rounds: [...rounds(3), ...rounds(17, { ...clean, winners: [] })] }],
    [
      'one winner in as many torn rounds as clean ones and more',
      { width: 8, crowd, rounds: [...rounds(3), ...rounds(4, { ...clean, spreadMs: 9 })] },
    ],
    ['the logins left too far apart', { width: 8, crowd, rounds: rounds(20, { ...clean, spreadMs: 9 }) }],
    ['answers came before most had left', { width: 8, crowd, rounds: rounds(20, { ...clean, overlap: 0.25 }) }],
    ['nothing was tried', { width: 8, crowd, rounds: [] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})

describe('the bound after clean rounds', () => {
  it.each([
    [20, 0.139],
    [100, 0.0295],
    [0, 1],
  ])('%i clean rounds leave %d', (n, bound) => {
    expect(boundAfterCleanRounds(n)).toBeCloseTo(bound, 3)
  })

  it.each([0.5, 0.14, 0.03, 0.01])('tells how many it takes to get to %d, and no fewer do', below => {
    const rounds = roundsForBound(below)
    expect(boundAfterCleanRounds(rounds)).toBeLessThanOrEqual(below)
    expect(boundAfterCleanRounds(rounds - 1)).toBeGreaterThan(below)
  })
})
