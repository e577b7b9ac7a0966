import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { HarnessError } from '../../../src/contract/errors.ts'
import { CEILINGS } from '../../../src/contract/shape.ts'

function refusal(config: unknown): HarnessError {
  try {
    checkConfig(config, 'onetap.config.ts')
  } catch (error) {
    if (error instanceof HarnessError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const target = { start: { command: ['node', 'x.js'] } }
const latencyBudget = { kind: 'latency', metric: 'login', stat: 'p99', limitMs: 5 }
const openShape = { kind: 'constant-arrival-rate', ratePerSecond: 5, durationMs: 5000 }

test.each([
  ['at the top', { target, laod: {} }, 'unknown key "laod"', 'load'],
  ['in an object', { target, mocks: { latncy: {} } }, 'unknown key "mocks.latncy"', 'latency'],
  ['two levels down', { target: { start: { comand: ['x'] } } }, 'unknown key "target.start.comand"', 'command'],
  [
    'in a union below a default',
    { target, load: { shape: { ...openShape, ratePerSecnd: 1 } } },
    'unknown key "load.shape.ratePerSecnd"',
    'ratePerSecond',
  ],
  [
    'in a list of unions',
    { target, budgets: [latencyBudget, { ...latencyBudget, limitMS: 1 }] },
    'unknown key "budgets[1].limitMS"',
    'limitMs',
  ],
  [
    'in a refined union',
    { target, mocks: { latency: { kind: 'lognormal', medianMs: 1, p99MS: 2 } } },
    'unknown key "mocks.latency.p99MS"',
    'p99Ms',
  ],
  [
    'in a fault',
    { target, mocks: { faults: [{ id: 'hang', share: 0, holdms: 1 }] } },
    'unknown key "mocks.faults[0].holdms"',
    'holdMs',
  ],
])('a mistyped key %s is named by its path, with the nearest known one', (_where, config, sentence, meant) => {
  const error = refusal(config)
  expect(error.code).toBe('CONFIG')
  expect(error.message).toContain(sentence)
  expect(error.hint).toContain(`did you mean "${meant}"?`)
})

test('a key that is near none gets the list of those known there', () => {
  expect(refusal({ target: { start: { ...target.start, zzzzzz: 1 } } }).hint).toBe(
    'known keys here: command, env, cwd, readyTimeoutMs, nonceStore',
  )
})

test('two mistyped keys are both named', () => {
  const error = refusal({ target, laod: {}, moks: {} })
  expect(error.message).toContain('"laod"')
  expect(error.message).toContain('"moks"')
  expect(error.hint).toBe('did you mean "load"?; did you mean "mocks"?')
})

test('a mistyped kind of a union is told from the kinds there are', () => {
  const error = refusal({ target, mocks: { latency: { kind: 'lognorml' } } })
  expect(error.message).toContain('mocks.latency.kind: "lognorml" is none of none, fixed, uniform, lognormal')
  expect(error.hint).toBe('did you mean "lognormal"?')
})

test('a mistyped word of a list of words is told from the words there are', () => {
  const error = refusal({ target, mocks: { carriers: ['china-mobil'] } })
  expect(error.message).toContain('mocks.carriers[0]: "china-mobil" is none of')
  expect(error.hint).toBe('did you mean "china-mobile"?')
})

test('a budget for a family that does not exist is refused instead of never being judged', () => {
  expect(refusal({ target, budgets: [{ kind: 'attacks', family: 'forged-tokens' }] }).hint).toBe('did you mean "forged-token"?')
})

test.each([
  ['nothing at all', null],
  ['a text', 'target'],
  ['a list', []],
  ['no target', {}],
  ['a text for a number', { target, seed: '1' }],
  ['a number for a text', { target, name: 5 }],
  ['a fraction for a whole number', { target, seed: 1.5 }],
  ['NaN', { target, seed: Number.NaN }],
  ['infinity', { target, load: { warmUpMs: Number.POSITIVE_INFINITY } }],
  ['a variable that is no text', { target: { ...target, vars: { a: 1 } } }],
  ['an empty command', { target: { start: { command: [] } } }],
  ['an address that is none', { target: { url: 'nope' } }],
  ['an identity path without a slash', { target: { ...target, identityPath: 'identity' } }],
  ['no carriers', { target, mocks: { carriers: [] } }],
  ['a share above one', { target, mocks: { faults: [{ id: 'hang', share: 1.1 }] } }],
  ['a port above 65535', { target, mocks: { ports: { control: 65_536 } } }],
])('%s is refused with a sentence', (_what, config) => {
  const error = refusal(config)
  expect(error.code).toBe('CONFIG')
  expect(error.message).toMatch(/^onetap\.config\.ts: .+/)
  expect(error.message).not.toMatch(/\n|Invalid input/)
})

test.each([
  ['rate', { shape: { ...openShape, ratePerSecond: CEILINGS.ratePerSecond + 1 } }, 'load.shape.ratePerSecond'],
  ['duration', { shape: { ...openShape, durationMs: CEILINGS.durationMs + 1 } }, 'load.shape.durationMs'],
  ['users', { shape: { kind: 'closed', users: CEILINGS.users + 1, durationMs: 5000 } }, 'load.shape.users'],
  ['most users', { maxUsers: CEILINGS.users + 1 }, 'load.maxUsers'],
  ['warm-up', { warmUpMs: CEILINGS.durationMs + 1 }, 'load.warmUpMs'],
])('a %s above its ceiling is refused', (_what, load, path) => {
  expect(refusal({ target, load }).message).toContain(`${path}: too big`)
})

test('a rate at its ceiling is accepted', () => {
  const shape = { ...openShape, ratePerSecond: CEILINGS.ratePerSecond, durationMs: CEILINGS.durationMs }
  expect(checkConfig({ target, load: { shape } }, 'here').load?.shape).toEqual(shape)
})

test('a 99th percentile below the median is refused', () => {
  const latency = { kind: 'lognormal', medianMs: 10, p99Ms: 9 }
  expect(refusal({ target, mocks: { latency } }).message).toContain('mocks.latency.p99Ms: p99Ms must not be below medianMs')
  expect(refusal({ target, attack: { latency } }).message).toContain('attack.latency.p99Ms')
  expect(checkConfig({ target, mocks: { latency: { ...latency, p99Ms: 10 } } }, 'here').mocks.latency).toMatchObject({
    p99Ms: 10,
  })
})
