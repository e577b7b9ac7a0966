import { describe, expect, it } from 'vitest'
import morning from '../../../scenarios/morning-peak.ts'
import type { Step } from '../../../src/contract/flow.ts'
import type { OperationId } from '../../../src/contract/target.ts'
import { opsOf, visitWith, walk } from './walk.ts'

const ALL = ['nonce', 'oneTap', 'me', 'smsSend', 'smsLogin', 'passwordLogin', 'passwordChange', 'thirdPartyLogin'] as const
const LOGINS: readonly Step['op'][] = ['oneTap', 'smsLogin', 'passwordLogin', 'thirdPartyLogin']

/** Shares of the ways of logging in over many visits. */
function shares(operations: readonly OperationId[], known: boolean): Partial<Record<Step['op'], number>> {
  const counts: Partial<Record<Step['op'], number>> = {}
  for (let index = 0; index < 5000; index++) {
    const steps = walk(morning.flow(visitWith(operations, { index, ...(known ? { known: 1 } : {}) })))
    const way = opsOf(steps).find(op => LOGINS.includes(op))
    if (way !== undefined) counts[way] = (counts[way] ?? 0) + 1 / 5000
  }
  return counts
}

describe('the morning peak', () => {
  it('has strangers ask for codes and known people type passwords, and most log in by one tap', () => {
    const [strangers, known] = [shares(ALL, false), shares(ALL, true)]
    expect(strangers.smsLogin).toBeGreaterThan(0.04)
    expect(strangers.passwordLogin).toBeUndefined()
    expect(known.passwordLogin).toBeGreaterThan(0.06)
    expect(known.smsLogin).toBeUndefined()
    for (const one of [strangers, known]) expect(one.oneTap).toBeGreaterThan(0.8)
  })

  it('is all one tap where the target has nothing else', () => {
    expect(shares(['oneTap'], true)).toEqual({ oneTap: expect.closeTo(1) })
  })
})
