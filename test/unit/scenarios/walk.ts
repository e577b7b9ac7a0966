import type { Scenario, Step, Visit } from '../../../src/contract/flow.ts'
import { subscriberAt } from '../../../src/contract/people.ts'
import type { OperationId, Reading } from '../../../src/contract/target.ts'

export type Replies = Partial<Record<Step['op'], Reading>>

const GRANTED: Replies = {
  nonce: { kind: 'granted', nonce: 'n-1' },
  oneTap: { kind: 'granted', credential: 'c-1' },
  me: { kind: 'granted', account: 'a-1' },
  reauth: { kind: 'granted', ticket: 't-1' },
  passwordChange: { kind: 'granted' },
  passwordLogin: { kind: 'granted', credential: 'c-2' },
  smsSend: { kind: 'granted' },
  smsLogin: { kind: 'granted', credential: 'c-3' },
  thirdPartyLogin: { kind: 'granted', credential: 'c-4' },
  verifyNumber: { kind: 'granted', match: true },
  prefetchMask: { kind: 'granted', phone: { maskedNumber: '138****5678' } },
  authorize: { kind: 'granted', phone: { token: 'from the phone' } },
  readSms: { kind: 'granted', phone: { smsCode: '123456' } },
  agreeAtProvider: { kind: 'granted', phone: { accessToken: 'at', providerCode: 'pc' } },
}

export function visitWith(operations: readonly OperationId[], change: Partial<Visit> = {}): Visit {
  return {
    index: 1,
    carrier: 'china-mobile',
    appId: 'app',
    issuedAtMs: 0,
    token: 'token',
    has: op => operations.includes(op),
    person: () => subscriberAt(1, 0),
    secondToken: purpose => ({ tokenIndex: 7, token: `second for ${purpose}` }),
    ...change,
  }
}

/** Walks a flow with these replies in place of the honest ones; returns the steps it asked for. */
export function walk(flow: ReturnType<Scenario['flow']>, replies: Replies = {}): Step[] {
  const steps: Step[] = []
  for (let next = flow.next(); next.done !== true; ) {
    steps.push(next.value)
    next = flow.next(replies[next.value.op] ?? GRANTED[next.value.op] ?? { kind: 'failed', reason: 'not of this visit' })
  }
  return steps
}

export const opsOf = (steps: readonly Step[]): Step['op'][] => steps.map(step => step.op)
