import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/forged-token/ft-carrier-malformed.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const untouched = [gotIn('untouched')]
const plausible = { ...refused('cut by one', { calls: [1] }), hopeless: false }
const hopeless = { ...refused('null', { status: 400 }), hopeless: true }

describe('ft-carrier-malformed', () => {
  it('fails when a trimmed or case-folded token logged in', () => {
    const attempts = [plausible, { ...gotIn('space after'), hopeless: false }]
    expectFail(attack.judge({ attempts, untouched }), 'credential')
  })

  it('fails on a server error', () => {
    const attempts = [{ ...refused('null', { status: 500, reading: 'failed', tries: 3 }), hopeless: true }]
    expectFail(attack.judge({ attempts, untouched }), 'server-error')
  })

  it('does not take an honest 503 for a crash', () => {
    const attempts = [{ ...refused('null', { status: 503, reading: 'failed', tries: 3 }), hopeless: true }]
    expect(attack.judge({ attempts, untouched }).outcome).toBe('inconclusive')
  })

  it('fails when the carrier was asked about what cannot be a token', () => {
    expectFail(attack.judge({ attempts: [plausible, { ...hopeless, calls: [4] }], untouched }), 'carrier-call')
  })

  it('passes when all were refused and untouched tokens still work', () => {
    expect(attack.judge({ attempts: [plausible, hopeless], untouched }).outcome).toBe('pass')
  })

  it('is inconclusive when an untouched token does not work either', () => {
    expect(attack.judge({ attempts: [plausible, hopeless], untouched: [refused('untouched')] }).outcome).toBe('inconclusive')
  })
})
