import { expect, test } from 'vitest'
import { checkConfig } from '../../../src/config/check-config.ts'
import { resolvePlan } from '../../../src/config/resolve-plan.ts'
import type { Plan } from '../../../src/contract/plan.ts'
import { createRedactor } from '../../../src/run/redact.ts'
import { hideSecrets, isSecretValue, withoutSecrets } from '../../../src/run/run-secrets.ts'
import type { RunningMocks } from '../../../src/world/mocks.ts'

function planWith(vars: Record<string, string>, env: Record<string, string> = {}): Plan {
  const config = checkConfig({ target: { start: { command: ['node', 'x.js'], env }, vars } }, 'here')
  return resolvePlan(config, { mode: 'run' }, 'run-1')
}

const mocks = (environment: Record<string, string>): RunningMocks =>
  ({
    ready: { runId: '', controlUrl: '', controlToken: 'control-4711', providers: [{ appIds: ['ab'.repeat(16)] }], environment },
  }) as unknown as RunningMocks

test.each([
  ['rebindSecret', 'x'],
  ['API_KEY', 'abc'],
  ['dbPassword', 'hunter2'],
  ['seedPhrase', 'kZ3v9Qw7Xb1'],
  ['dsn', 'postgres://me:pw@127.0.0.1/db'],
  ['callback', 'http://127.0.0.1/?key=12345678'],
])('%s=%s is a secret', (name, value) => {
  expect(isSecretValue(name, value)).toBe(true)
})

test.each([
  ['rebindSecret', '{random}'],
  ['REBIND_SECRET', '{vars.rebindSecret}'],
  ['anything', ''],
  ['carrier', 'china-mobile'],
  ['NODE_ENV', 'production'],
  ['path', '/api/v1/login'],
  ['CMCC_BASE', 'http://127.0.0.1:9000/api'],
  ['tenant', '42'],
])('%s=%s is none', (name, value) => {
  expect(isSecretValue(name, value)).toBe(false)
})

test('a plan is written without the secrets that the config holds, and otherwise as it is', () => {
  const plan = planWith({ rebindSecret: '{random}', apiKey: 'K-1234' }, { DB_PASSWORD: 'hunter2', NODE_ENV: 'test' })
  const written = withoutSecrets(plan)
  expect(JSON.stringify(written)).not.toMatch(/K-1234|hunter2/)
  expect(written).toEqual({
    ...plan,
    target: {
      ...plan.target,
      vars: { rebindSecret: '{random}', apiKey: '[withheld]' },
      start: { ...plan.target.start, env: { DB_PASSWORD: '[withheld]', NODE_ENV: 'test' } },
    },
  })
  expect(plan.target.vars.apiKey).toBe('K-1234')
})

test('keys of the mocks, the control token and the config’s own secrets are hidden before anything is sent', () => {
  const redactor = createRedactor('salt')
  const environment = { CMCC_APP_SECRET: 'mock-secret-1', CMCC_APP_ID: '300011112222', CMCC_URL: 'http://127.0.0.1:9000' }
  hideSecrets(
    redactor,
    mocks(environment),
    { filled: 'f1f2f3f4f5f6', carrier: 'china-mobile' },
    planWith({}, { PIN_KEY: 'pin-998877' }),
  )
  expect(redactor.redact('ab'.repeat(16))).toBe('ab'.repeat(16))
  const text = 'control-4711 mock-secret-1 f1f2f3f4f5f6 pin-998877 300011112222 http://127.0.0.1:9000 china-mobile'
  expect(redactor.redact(text)).toMatch(/^(\[secret:\w+\] ){4}300011112222 http:\/\/127\.0\.0\.1:9000 china-mobile$/)
})
