import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { resolvePlan } from '../../../src/config/resolve-plan.ts'
import type { Plan } from '../../../src/contract/plan.ts'

test('the smallest configuration becomes a plan in which every default has landed', () => {
  const config = checkConfig({ target: { start: { command: ['node', 'server.js'] } } }, 'here')
  const plan: Plan = resolvePlan(config, { mode: 'run' }, 'run-1')
  expect(plan).toEqual({
    schemaVersion: '1.0.0',
    runId: 'run-1',
    name: 'onetap',
    seed: 1,
    target: {
      module: './onetap.target.ts',
      url: null,
      start: { command: ['node', 'server.js'], env: {}, cwd: null, readyTimeoutMs: 15_000 },
      identityPath: '/__onetap/identity',
      allow: [],
      vars: {},
    },
    mocks: {
      carriers: ['china-mobile', 'china-unicom', 'china-telecom'],
      subscribers: 1_000_000,
      latency: { kind: 'lognormal', medianMs: 120, p99Ms: 900 },
      faults: [],
      singleUse: 'strict',
      ports: { control: 0 },
    },
    load: {
      engine: 'auto',
      scenario: 'one-tap',
      shape: { kind: 'constant-arrival-rate', ratePerSecond: 50, durationMs: 20_000 },
      warmUpMs: 3000,
      maxUsers: 500,
      requestTimeoutMs: 10_000,
    },
    attack: { include: ['all'], exclude: [], latency: { kind: 'fixed', ms: 20 }, race: { rounds: 20, width: 8 } },
    budgets: [],
    allowedHosts: [],
  })
})

test('defaults inside lists and unions land as well', () => {
  const config = checkConfig(
    {
      target: { url: 'http://127.0.0.1:1' },
      mocks: {
        faults: [
          { id: 'error-rate', share: 0.5 },
          { id: 'hang', share: 0 },
        ],
      },
      budgets: [
        { kind: 'latency', metric: 'login', stat: 'p99', limitMs: 5 },
        { kind: 'error-rate', limit: 0 },
        { kind: 'attacks', family: 'all' },
      ],
    },
    'here',
  )
  expect(config.mocks.faults).toEqual([
    { id: 'error-rate', share: 0.5, answer: 'http' },
    { id: 'hang', share: 0, holdMs: 10_000 },
  ])
  expect(config.budgets.map(budget => budget.minSamples)).toEqual([1000, 500, 1])
})

test('two configurations share no default object', () => {
  const [a, b] = [1, 2].map(() => checkConfig({ target: {} }, 'here'))
  expect(a).toEqual(b)
  expect(a?.target.vars).not.toBe(b?.target.vars)
  expect(a?.mocks.carriers).not.toBe(b?.mocks.carriers)
})
