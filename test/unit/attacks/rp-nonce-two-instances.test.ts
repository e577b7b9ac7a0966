import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-two-instances.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const first = gotIn('the login replayed')
const honest = [gotIn('honest login'), gotIn('honest login', { session: 's-2' })]
const replays = [refused('replay 1'), refused('replay 2')]

describe('rp-nonce-two-instances', () => {
  it('fails when another instance gave a session of its own', () => {
    const second = gotIn('replay 2', { session: 's-9' })
    expectFail(attack.judge({ instances: 2, first, replays: [refused('replay 1'), second], honest }), 'second-session')
  })

  it('fails when another instance asked the carrier', () => {
    const called = refused('replay 2', { calls: [4] })
    expectFail(attack.judge({ instances: 2, first, replays: [called], honest }), 'carrier-call')
  })

  it('passes when all instances refused and all took honest nonces', () => {
    expect(attack.judge({ instances: 2, first, replays, honest }).outcome).toBe('pass')
  })

  it.each([
    ['honest nonces were not good everywhere', { instances: 2, first, replays, honest: [gotIn('a'), refused('b')] }],
    ['the first login did not succeed', { instances: 2, first: refused('first'), replays: [], honest }],
    ['the earlier reply was repeated', { instances: 2, first, replays: [gotIn('replay 1', { calls: [] })], honest }],
    ['the limiter spoke', { instances: 2, first, replays: [refused('replay 1', { status: 429 })], honest }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
