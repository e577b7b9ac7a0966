import { describe, expect, it } from 'vitest'
import oneTap from '../../../scenarios/one-tap.ts'
import type { Step, Visit } from '../../../src/contract/flow.ts'
import type { OperationId, Reading } from '../../../src/contract/target.ts'

const granted: Partial<Record<OperationId, Reading>> = {
  nonce: { kind: 'granted', nonce: 'n-1' },
  oneTap: { kind: 'granted', credential: 'c-1' },
  me: { kind: 'granted', account: 'a-1' },
  logout: { kind: 'granted' },
  rebind: { kind: 'granted' },
}

/** Walks the flow with these replies in place of the honest ones; returns the steps it asked for. */
function walk(
  operations: readonly OperationId[],
  replies: Partial<Record<OperationId, Reading>> = {},
  change: Partial<Visit> = {},
) {
  const visit: Visit = {
    index: 1,
    carrier: 'china-mobile',
    appId: 'app',
    issuedAtMs: 0,
    token: 'token',
    has: op => operations.includes(op),
    ...change,
  }
  const steps: Step[] = []
  const flow = oneTap.flow(visit)
  for (let next = flow.next(); next.done !== true; ) {
    steps.push(next.value)
    next = flow.next(replies[next.value.op] ?? granted[next.value.op] ?? { kind: 'failed', reason: 'not of this visit' })
  }
  return steps
}

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

  it.each<[string, Partial<Record<OperationId, Reading>>, OperationId]>([
    ['the nonce is refused', { nonce: { kind: 'refused' } }, 'nonce'],
    ['the nonce fails', { nonce: { kind: 'failed', reason: '503' } }, 'nonce'],
    ['the login is refused', { oneTap: { kind: 'refused' } }, 'oneTap'],
    ['the login gives no credential', { oneTap: { kind: 'granted' } }, 'oneTap'],
  ])('is over when %s', (_why, replies, last) => {
    expect(walk(['nonce', 'oneTap', 'me'], replies).at(-1)?.op).toBe(last)
  })
})
