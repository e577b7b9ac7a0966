import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { type Overrides, resolvePlan } from '../../../src/config/resolve-plan.ts'
import type { OnetapConfig } from '../../../src/config/schema.ts'
import type { Plan } from '../../../src/contract/plan.ts'

const BUDGETS: OnetapConfig['budgets'] = [
  { kind: 'latency', metric: 'login', stat: 'p99', limitMs: 5 },
  { kind: 'error-rate', limit: 0.1 },
  { kind: 'attacks', family: 'replay' },
]

function plan(overrides: Overrides, config: Partial<OnetapConfig> = {}): Plan {
  const whole = { target: { start: { command: ['node', 'x.js'] } }, budgets: BUDGETS, ...config }
  return resolvePlan(checkConfig(whole, 'here'), overrides, 'run-1')
}

const kinds = (of: Plan): string[] => of.budgets.map(budget => budget.kind)

test('`run` does both and keeps every budget', () => {
  const both = plan({ mode: 'run' })
  expect(both.load).not.toBeNull()
  expect(both.attack).not.toBeNull()
  expect(kinds(both)).toEqual(['latency', 'error-rate', 'attacks'])
})

test('`load` leaves attacks and their budgets out', () => {
  const only = plan({ mode: 'load' })
  expect(only.attack).toBeNull()
  expect(kinds(only)).toEqual(['latency', 'error-rate'])
})

test('`attack` leaves the load and its budgets out', () => {
  const only = plan({ mode: 'attack' })
  expect(only.load).toBeNull()
  expect(kinds(only)).toEqual(['attacks'])
})

test('hand-picked attacks replace those of the config, and family budgets do not judge a part of the family', () => {
  const picked = plan({ mode: 'attack', attacks: ['rp-nonce-race'], excludeAttacks: ['replay'] })
  expect(picked.attack).toMatchObject({ include: ['rp-nonce-race'], exclude: ['replay'] })
  expect(kinds(picked)).toEqual([])
})

test('no picks at all means those of the config', () => {
  const config = { attack: { include: ['replay'], exclude: ['rp-nonce-race'] } }
  expect(plan({ mode: 'attack', attacks: [] }, config).attack).toMatchObject(config.attack)
})

test('a part that the config sets to null stays out', () => {
  expect(plan({ mode: 'run' }, { attack: null }).attack).toBeNull()
  expect(() => plan({ mode: 'attack' }, { attack: null })).toThrow('nothing to do')
})

test('seed, rate, duration, users and engine of the command line win', () => {
  const flagged = plan({ mode: 'run', seed: 7, ratePerSecond: 3, durationMs: 4000, engine: 'k6' })
  expect(flagged.seed).toBe(7)
  expect(flagged.load).toMatchObject({
    engine: 'k6',
    shape: { kind: 'constant-arrival-rate', ratePerSecond: 3, durationMs: 4000 },
  })
  expect(plan({ mode: 'run', users: 9 }).load?.shape).toEqual({ kind: 'closed', users: 9, durationMs: 20_000 })
})

test('a duration alone keeps the shape of the config', () => {
  const shape = { kind: 'closed' as const, users: 4, durationMs: 9000 }
  expect(plan({ mode: 'run', durationMs: 2000 }, { load: { shape } }).load?.shape).toEqual({ ...shape, durationMs: 2000 })
})

test('a target named on the command line is attached to, not started', () => {
  const attached = plan({ mode: 'run', targetUrl: 'http://127.0.0.1:9' })
  expect(attached.target).toMatchObject({ url: 'http://127.0.0.1:9', start: null })
})

test('a target that neither runs nor can be started is refused', () => {
  expect(() => plan({ mode: 'run' }, { target: {} })).toThrow('neither `url` nor `start`')
})

test('a host beyond loopback needs the config and the flag, both', () => {
  const config = { allowedHosts: ['a.test', 'b.test'] }
  expect(plan({ mode: 'run' }, config).allowedHosts).toEqual([])
  expect(plan({ mode: 'run', allowHosts: ['a.test', 'c.test'] }, config).allowedHosts).toEqual(['a.test'])
})

test('resolving is pure: the same input gives the same plan and leaves the config alone', () => {
  const config = checkConfig({ target: { url: 'http://127.0.0.1:1' }, budgets: BUDGETS }, 'here')
  const before = structuredClone(config)
  expect(resolvePlan(config, { mode: 'run', users: 2 }, 'x')).toEqual(resolvePlan(config, { mode: 'run', users: 2 }, 'x'))
  expect(config).toEqual(before)
})

test.each([
  [['nr-reissue-level'], ['revocation']],
  [['availability'], ['carrier-calls']],
  [['rp-nonce-race'], []],
] as const)('hand-picked %j keep the budgets on what they measure: %j', (attacks, kept) => {
  const budgets = ['reissue.revocation.p50 < 60s', 'carrierCalls.perForged <= 1', 'attacks.all = 0']
  const config = checkConfig({ target: { url: 'http://127.0.0.1:1' }, budgets }, 'here')
  const plan = resolvePlan(config, { mode: 'attack', attacks }, 'r')
  expect(plan.budgets.map(budget => (budget.kind === 'expression' ? budget.gate.figure.kind : budget.kind))).toEqual(kept)
})
