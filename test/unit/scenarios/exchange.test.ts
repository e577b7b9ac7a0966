import { expect, it } from 'vitest'
import exchange from '../../../scenarios/exchange.ts'
import { opsOf, visitWith, walk } from './walk.ts'

it('is the nonce and the login, and nothing after them', () => {
  expect(opsOf(walk(exchange.flow(visitWith(['nonce', 'oneTap', 'me']))))).toEqual(['nonce', 'oneTap'])
})
