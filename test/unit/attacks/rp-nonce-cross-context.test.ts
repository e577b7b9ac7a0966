import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-cross-context.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const spare = gotIn('fetched for login')
const attempts = [refused('fetched for verify'), refused('fetched for bind')]

describe('rp-nonce-cross-context', () => {
  it('fails when a nonce for something else logged in', () => {
    expectFail(attack.judge({ attempts: [...attempts, gotIn('fetched for reauth')], spare }), 'credential')
  })

  it('fails when it cost a carrier call', () => {
    expectFail(attack.judge({ attempts: [refused('fetched for verify', { calls: [2] })], spare }), 'carrier-call')
  })

  it('passes when each was refused and a nonce for login was not', () => {
    expect(attack.judge({ attempts, spare }).outcome).toBe('pass')
  })

  it.each([
    ['a nonce for login was refused too', { attempts, spare: refused('fetched for login') }],
    ['the limiter spoke', { attempts: [refused('fetched for bind', { status: 429 })], spare }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
