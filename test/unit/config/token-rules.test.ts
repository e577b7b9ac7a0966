import { expect, test } from 'vitest'
import { parseBehaviour } from '../../../mocks/behaviour.ts'
import { checkConfig } from '../../../src/config/check-config.ts'
import { resolvePlan } from '../../../src/config/resolve-plan.ts'
import type { Plan } from '../../../src/contract/plan.ts'

function plan(mocks: object): Plan {
  const config = { target: { start: { command: ['node', 'x.js'] } }, mocks }
  return resolvePlan(checkConfig(config, 'here'), { mode: 'run' }, 'run-1')
}

const RULES = {
  lifetimes: [{ provider: 'jiguang', carrier: 'china-telecom', purpose: 'login', lifetimeMs: 1_800_000 }],
  reuse: [{ carrier: 'china-telecom', singleUse: 'lenient' }],
  assumptions: { 'china-mobile.systemtime': 'within-5-minutes' },
}

test('rules about tokens and guesses told otherwise reach the plan, and the mocks take them as they are', () => {
  const { lifetimes, reuse, assumptions } = plan(RULES).mocks
  expect({ lifetimes, reuse, assumptions }).toEqual(RULES)
  expect(parseBehaviour({ lifetimes, reuse, assumptions })).toEqual(RULES)
})

test('without them the plan has no such field', () => {
  expect(Object.keys(plan({}).mocks)).not.toEqual(expect.arrayContaining(['lifetimes']))
})

test.each([
  [{ lifetimes: [{ lifetimeMs: 0 }] }, 'lifetimeMs'],
  [{ lifetimes: [{ lifetimeMs: 1, carrier: 'nobody' }] }, 'carrier'],
  [{ reuse: [{ singleUse: 'never' }] }, 'singleUse'],
  [{ reuse: [{ singleUse: 'strict', surprise: 1 }] }, 'surprise'],
  [{ assumptions: { a: 1 } }, 'assumptions'],
])('%j is refused and named', (mocks, where) => {
  expect(() => plan(mocks)).toThrow(where)
})
