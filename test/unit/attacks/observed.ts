import { expect } from 'vitest'
import type { Step } from '../../../attacks/kit/account.ts'
import type { Attempt } from '../../../attacks/kit/attempt.ts'
import type { Meeting } from '../../../attacks/kit/racing.ts'
import type { Login, SessionState } from '../../../attacks/kit/sign-in.ts'
import type { Judgement } from '../../../src/contract/attack.ts'

/** Hand-made pieces of observations. */
export function refused(variant: string, more: Partial<Attempt> = {}): Attempt {
  return { variant, exchange: 7, status: 401, reading: 'refused', account: null, session: null, tries: 1, calls: [], ...more }
}

export function gotIn(variant: string, more: Partial<Attempt> = {}): Attempt {
  return refused(variant, { status: 200, reading: 'granted', account: 'acc-1', session: 's-1', calls: [3], ...more })
}

export function login(account: string | null, more: Partial<Login> = {}): Login {
  return {
    exchange: 11,
    status: account === null ? 401 : 200,
    reading: account === null ? 'refused' : 'granted',
    account,
    ...more,
  }
}

export function session(state: SessionState['state'], account: string | null = state === 'alive' ? 'acc-1' : null): SessionState {
  return { exchange: 12, state, account }
}

export function step(reading: Step['reading'], more: Partial<Step> = {}): Step {
  return { exchange: 13, status: reading === 'granted' ? 200 : 400, reading, ...more }
}

/** Requests of a race that met. */
export const meeting: Meeting = { spreadMs: 0.4, method: 'h2-last-frame', overlap: 1 }

export const accepted = { exchange: 9, status: 200, accepted: true }
export const turnedAway = { exchange: 9, status: 401, accepted: false }

/** A judgement of this outcome and kind that points at something in the evidence. */
export function expectFail(judgement: Judgement, kind: string): void {
  expect({ outcome: judgement.outcome, kind: judgement.proof?.kind }).toEqual({ outcome: 'fail', kind })
  const { exchanges = [], journal = [] } = judgement.proof ?? {}
  expect(exchanges.length + journal.length).toBeGreaterThan(0)
  expect(judgement.claim).toMatch(/\.$/)
}
