import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { resolvePlan } from '../../../src/config/resolve-plan.ts'
import type { OnetapConfig } from '../../../src/config/schema.ts'
import { HarnessError } from '../../../src/contract/errors.ts'

const target = { url: 'http://127.0.0.1:1' }
const planned = (budgets: OnetapConfig['budgets'], mode: 'run' | 'load' | 'attack' = 'run', attacks?: string[]): string[] =>
  resolvePlan(checkConfig({ target, budgets }, 'here'), { mode, ...(attacks === undefined ? {} : { attacks }) }, 'r').budgets.map(
    one => (one.kind === 'expression' ? one.text : one.kind),
  )

function refusal(budgets: unknown): HarnessError {
  try {
    checkConfig({ target, budgets }, 'here')
  } catch (error) {
    if (error instanceof HarnessError) return error
  }
  throw new Error('it was accepted')
}

test('a text and an object are budgets beside the structured form', () => {
  const { budgets } = resolvePlan(
    checkConfig(
      {
        target,
        budgets: [
          'login.p99 < 400ms',
          { kind: 'expression', text: 'login.p50 < 1s', minSamples: 9 },
          { kind: 'error-rate', limit: 0.1 },
        ],
      },
      'here',
    ),
    { mode: 'run' },
    'r',
  )
  expect(budgets.map(({ kind }) => kind)).toEqual(['expression', 'expression', 'error-rate'])
  expect(budgets[0]).toMatchObject({ gate: { comparator: '<', bound: { kind: 'value', value: 400 } } })
  expect(budgets[1]).toMatchObject({ minSamples: 9 })
})

test('a budget of a part that is not run is left out', () => {
  const all = ['login.p99 < 1s', 'goodput.share > 0.9', 'attacks.high = 0', 'reissue.revocation.p99 < 60s']
  expect(planned(all)).toEqual(all)
  expect(planned(all, 'load')).toEqual(all.slice(0, 2))
  expect(planned(all, 'attack')).toEqual(all.slice(2))
  expect(planned(all, 'attack', ['rp-nonce-race'])).toEqual([])
})

test('a mistake is told with its place and what was meant', () => {
  expect(refusal(['login.p99 < 400ms', 'logn.p99 < 400ms']).message).toContain(
    'budgets[1].text: there is no figure "logn.p99"; did you mean "login"?',
  )
  expect(refusal(['attacks.critcal = 0']).message).toContain('did you mean "critical"?')
  expect(refusal(['login.p99 < 400']).message).toContain('write 400ms or 400s')
  expect(refusal([{ kind: 'expressoin', text: 'x' }]).hint).toContain('did you mean "expression"?')
})
