import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-sms-code.ts'
import { expectFail, gotIn, meeting, refused } from './observed.ts'

const raced = { ...meeting, winners: [gotIn('raced', { session: 's-3' })] }
const base = { first: gotIn('first use'), again: refused('second use'), width: 8, rounds: [raced, raced] }

describe('rp-sms-code', () => {
  it('fails when a code logged in twice', () => {
    expectFail(attack.judge({ ...base, again: gotIn('second use', { session: 's-2' }) }), 'second-session')
  })

  it('fails when it logged in several times at once', () => {
    const winners = [gotIn('raced', { session: 's-3' }), gotIn('raced', { session: 's-4' })]
    expectFail(attack.judge({ ...base, rounds: [raced, { ...raced, winners }] }), 'second-session')
  })

  it('passes when a code is good for one login', () => {
    expect(attack.judge(base).outcome).toBe('pass')
  })

  it.each([
    ['no code came', { first: null, again: null, width: 8, rounds: [] }],
    ['the limiter spoke', { ...base, again: refused('second use', { status: 429 }) }],
    ['the earlier reply was repeated', { ...base, again: gotIn('second use') }],
    ['nobody won the race', { ...base, rounds: [{ ...raced, winners: [] }, null] }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
