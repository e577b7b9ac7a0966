import { describe, expect, it } from 'vitest'
import attack from '../../../attacks/replay/rp-nonce-serial.ts'
import { expectFail, gotIn, refused } from './observed.ts'

const first = gotIn('the login replayed')
const spare = gotIn('new nonce', { session: 's-9' })

describe('rp-nonce-serial', () => {
  it('fails when the replay was given a session of its own', () => {
    expectFail(attack.judge({ first, replays: [gotIn('at once', { session: 's-2' })], spare }), 'second-session')
  })

  it('fails when a refused replay cost a carrier call', () => {
    expectFail(attack.judge({ first, replays: [refused('at once', { calls: [8] })], spare }), 'carrier-call')
  })

  it('fails when the same session came back but the carrier was asked again', () => {
    expectFail(attack.judge({ first, replays: [gotIn('at once')], spare }), 'carrier-call')
  })

  it('is inconclusive about an idempotent reply: same session, no carrier call', () => {
    expect(attack.judge({ first, replays: [gotIn('at once', { calls: [] })], spare }).outcome).toBe('inconclusive')
  })

  it('passes when replays were refused and the unspent token then logged in', () => {
    expect(attack.judge({ first, replays: [refused('at once'), refused('after logout')], spare }).outcome).toBe('pass')
  })

  it.each([
    ['the first login failed', { first: refused('the login replayed'), replays: [], spare: null }],
    ['the unspent token does not log in', { first, replays: [refused('at once')], spare: refused('new nonce') }],
  ])('is inconclusive when %s', (_, observation) => {
    expect(attack.judge(observation).outcome).toBe('inconclusive')
  })
})
