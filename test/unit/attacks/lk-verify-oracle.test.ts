import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/leaks/lk-verify-oracle.ts'
import { expectFail } from './observed.ts'

const guess = (match: boolean | null) => ({ exchange: 6, status: match === null ? 429 : 200, match })
const times = (n: number, match: boolean | null) => Array.from({ length: n }, () => guess(match))
const one = { asked: 'last digits' as const, tokens: 'one token' as const, guesses: [guess(false), ...times(4, null)] }
const fresh = {
  asked: 'whole numbers' as const,
  tokens: 'fresh tokens' as const,
  guesses: [...times(10, false), ...times(4, null)],
}
const base = { right: guess(true), wrong: guess(false), series: [one, fresh] }

describe('lk-verify-oracle', () => {
  it('fails when one token answered twice', () => {
    expectFail(attack.judge({ ...base, series: [{ ...one, guesses: times(2, false) }] }), 'disclosure')
  })

  it('fails when guesses with fresh tokens met no bound', () => {
    expectFail(attack.judge({ ...base, series: [one, { ...fresh, guesses: times(20, false) }] }), 'disclosure')
  })

  it('passes when one token answered once and guesses were bounded', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['verification does not know the right number', { ...base, right: guess(false) }],
    ['it says yes to everything', { ...base, wrong: guess(true) }],
    ['it is not offered', { right: null, wrong: null, series: [] }],
    ['nobody could log in to guess', { ...base, series: [] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
