import { describe, expect, it } from 'vitest'
import journey from '../../../scenarios/journey.ts'
import { subscriberAt } from '../../../src/contract/people.ts'
import { opsOf, visitWith, walk } from './walk.ts'

const visit = visitWith(['nonce', 'oneTap', 'me'])

describe('a whole journey', () => {
  it('asks the carrier before the target, and logs in with the token that the phone got', () => {
    const steps = walk(journey.flow(visit))
    expect(opsOf(steps)).toEqual(['prefetchMask', 'authorize', 'nonce', 'oneTap', 'me'])
    expect(steps[1]?.input).toMatchObject({ imsi: subscriberAt(1, 0).imsi, tokenIndex: 1, purpose: 'login' })
    expect(steps[3]?.input).toMatchObject({ token: 'from the phone' })
  })

  it.each([
    ['the carrier shows no number', { prefetchMask: { kind: 'failed', reason: 'x' } as const }, 'prefetchMask'],
    ['the carrier gives no token', { authorize: { kind: 'failed', reason: 'x' } as const }, 'authorize'],
  ])('is over when %s', (_why, replies, last) => {
    expect(walk(journey.flow(visit), replies).at(-1)?.op).toBe(last)
  })
})
