import { describe, expect, it } from 'vitest'
import oneTap from '../../../scenarios/one-tap.ts'
import type { Visit } from '../../../src/contract/flow.ts'
import type { OperationId } from '../../../src/contract/target.ts'
import { type Replies, visitWith, walk as walkFlow } from './walk.ts'

const walk = (operations: readonly OperationId[], replies: Replies = {}, change: Partial<Visit> = {}) =>
  walkFlow(oneTap.flow(visitWith(operations, change)), replies)

describe('a one-tap visit', () => {
  it('fetches a nonce, logs in with it and asks who it is with the credential it got', () => {
    expect(walk(['nonce', 'oneTap', 'me'])).toEqual([
      { op: 'nonce', input: {} },
      { op: 'oneTap', input: { carrier: 'china-mobile', token: 'token', appId: 'app', nonce: 'n-1' } },
      { op: 'me', input: { credential: 'c-1' } },
    ])
  })

  it('leaves out the nonce and the question where the target has none', () => {
    expect(walk(['oneTap'])).toEqual([
      { op: 'oneTap', input: { carrier: 'china-mobile', token: 'token', appId: 'app', nonce: undefined } },
    ])
  })

  it('hands on the second value that China Telecom gives', () => {
    const [step] = walk(['oneTap'], {}, { carrier: 'china-telecom', authCode: 'code' })
    expect(step?.input).toMatchObject({ carrier: 'china-telecom', authCode: 'code' })
  })

  it.each<[string, Replies, OperationId]>([
    ['the nonce is refused', { nonce: { kind: 'refused' } }, 'nonce'],
    ['the nonce fails', { nonce: { kind: 'failed', reason: '503' } }, 'nonce'],
    ['the login is refused', { oneTap: { kind: 'refused' } }, 'oneTap'],
    ['the login gives no credential', { oneTap: { kind: 'granted' } }, 'oneTap'],
  ])('is over when %s', (_why, replies, last) => {
    expect(walk(['nonce', 'oneTap', 'me'], replies).at(-1)?.op).toBe(last)
  })
})
