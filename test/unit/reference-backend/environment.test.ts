import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { controls } from '../../../reference-backend/controls/index.ts'
import { readEnvironment } from '../../../reference-backend/environment.ts'
import { extraDelay } from '../../../reference-backend/flows/extra-delay.ts'
import { SettingsError } from '../../../reference-backend/settings-error.ts'

it('needs nothing: sound, embedded, JWT, any free port on loopback', () => {
  expect(readEnvironment({})).toMatchObject({
    host: '127.0.0.1',
    port: 0,
    runId: null,
    session: 'jwt',
    stores: { kind: 'embedded', sqlitePath: ':memory:' },
    nonceTtlMs: 120_000,
    extraDelayMs: 0,
    parentPipe: false,
  })
  expect(readEnvironment({}).flaws.size).toBe(0)
})

const wrong: [Record<string, string>, RegExp][] = [
  [{ PORT: '70000' }, /^PORT must be/],
  [{ PORT: '-1' }, /^PORT must be/],
  [{ PORT: '80x' }, /^PORT must be/],
  [{ SESSION: 'cookie' }, /^SESSION must be jwt or opaque/],
  [{ JWT_SECRET: 'short' }, /^JWT_SECRET must be at least 32 bytes/],
  [{ DATABASE_URL: 'postgres://x' }, /both, or neither/],
  [{ REDIS_URL: 'redis://x' }, /both, or neither/],
  [{ KEY_PREFIX: 'a b' }, /^KEY_PREFIX must be/],
  [{ EXTRA_DELAY_MS: '1e9' }, /^EXTRA_DELAY_MS must be/],
  [{ CARRIER_TIMEOUT_MS: '0' }, /^CARRIER_TIMEOUT_MS must be/],
  [{ NONCE_TTL_MS: '0' }, /^NONCE_TTL_MS must be/],
  [{ CMCC_URL: 'http://127.0.0.1:1' }, /missing: CMCC_APP_ID, CMCC_APP_SECRET/],
  [{ CMCC_URL: 'ftp://x', CMCC_APP_ID: '1', CMCC_APP_SECRET: '2' }, /^CMCC_URL must be an http/],
  [
    { CUCC_URL: 'http://x', CUCC_API_KEY: '1', CUCC_PLATFORM_PUBLIC_KEY: 'AAAA', CUCC_PACKAGE: 'a' },
    /^CUCC_PLATFORM_PUBLIC_KEY must be/,
  ],
  [{ CTCC_URL: 'http://x', CTCC_APP_ID: '1', CTCC_APP_SECRET: '2', CTCC_PRIVATE_KEY: 'AAAA' }, /^CTCC_PRIVATE_KEY must be/],
  [{ FLAWS: 'nonce-used=racy' }, /no control "nonce-used"; known: .*carrier-token-once/],
  [{ FLAWS: 'nonce-single-use=absent' }, /no flaw "absent"; known: reusable, racy/],
  [{ FLAWS: 'nonce-single-use' }, /no flaw ""/],
  [{ FLAWS: 'toString=x' }, /no control "toString"/],
  [{ FLAWS: 'nonce-single-use=racy,nonce-single-use=reusable' }, /named twice/],
]
it.each(wrong)('says in a sentence what is wrong with %j', (environment, sentence) => {
  expect(() => readEnvironment(environment)).toThrow(SettingsError)
  expect(() => readEnvironment(environment)).toThrow(sentence)
})

it('takes several flaws at once', () => {
  const { flaws } = readEnvironment({ FLAWS: ' nonce-single-use=racy, jwt-signature=alg-none,' })
  expect(Object.fromEntries(flaws)).toEqual({ 'nonce-single-use': 'racy', 'jwt-signature': 'alg-none' })
})

it('lists each control file under its own name', () => {
  const folder = new URL('../../../reference-backend/controls/', import.meta.url)
  const files = readdirSync(folder).map(name => name.replace('.ts', ''))
  expect(Object.keys(controls)).toEqual(files.filter(name => !['arm', 'catalogue', 'define', 'index'].includes(name)).sort())
  for (const [id, control] of Object.entries(controls)) expect(control.id).toBe(id)
})

it.each([0.4, 1, 3.5])('never ends the extra delay of %d ms early', async delayMs => {
  for (let i = 0; i < 10; i++) {
    const startMs = performance.now()
    await extraDelay(delayMs)
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(delayMs)
  }
})
