import { expect, it } from 'vitest'
import verification from '../../../scenarios/number-verification.ts'
import { subscriberAt } from '../../../src/contract/people.ts'
import { opsOf, visitWith, walk } from './walk.ts'

it('is asked by somebody who is logged in, about their own number, with a token for that purpose', () => {
  const steps = walk(verification.flow(visitWith(['nonce', 'oneTap', 'verifyNumber'])))
  expect(opsOf(steps)).toEqual(['nonce', 'oneTap', 'nonce', 'verifyNumber'])
  expect(steps[2]?.input).toEqual({ purpose: 'verify' })
  expect(steps[3]?.input).toMatchObject({ token: 'second for verify', credential: 'c-1', number: subscriberAt(1, 0).msisdn })
})
