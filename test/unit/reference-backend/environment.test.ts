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
  [{ DIALECT: 'pidgin' }, /^DIALECT: there is no dialect "pidgin"; known: rest, /],
  [{ DIALECT: 'constructor' }, /^DIALECT: there is no dialect/],
  [{ DIALECT_SEED: '-1' }, /^DIALECT_SEED must be/],
  [{ JWT_ALG: 'none' }, /^JWT_ALG must be HS256 or RS256/],
  [{ JWT_ALG: 'RS256', JWT_PREVIOUS_SECRET: 'x'.repeat(32) }, /^JWT_PREVIOUS_SECRET is for HS256/],
  [{ JWT_ALG: 'RS256', JWT_PRIVATE_KEY: 'AAAA' }, /^JWT_PRIVATE_KEY must be an RSA key/],
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
  [{ LIMITS: 'sms=1' }, /no limit "sms"; known: .*sms-number-day/],
  [{ LIMITS: 'sms-number-day=many' }, /^LIMITS: sms-number-day must be/],
  [{ LIMITS: 'toString=1' }, /no limit "toString"/],
  [{ ONE_IDENTITY_PER_TYPE: 'yes' }, /^ONE_IDENTITY_PER_TYPE must be on or off/],
  [{ SUBSCRIBER_CHECK: '1' }, /^SUBSCRIBER_CHECK must be on or off/],
  [{ TRUSTED_PROXY: 'proxy.example.com' }, /^TRUSTED_PROXY must be/],
  [{ JWT_KID: '../key' }, /^JWT_KID/],
  [{ JWT_PREVIOUS_SECRET: 'short' }, /^JWT_PREVIOUS_SECRET must be at least 32 bytes/],
  [{ JWT_PREVIOUS_SECRET: 'x'.repeat(32), JWT_PREVIOUS_KID: 'k1' }, /must differ/],
  [{ SMS_URL: 'http://x' }, /missing: SMS_API_KEY/],
  [{ WECHAT_URL: 'http://x', WECHAT_APP_ID: '1' }, /missing: WECHAT_APP_SECRET/],
  [{ DYPNS_URL: 'http://x' }, /missing: ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET/],
  [{ DYTNS_URL: 'http://x', ALIBABA_CLOUD_ACCESS_KEY_ID: '1', ALIBABA_CLOUD_ACCESS_KEY_SECRET: '2' }, /missing: DYTNS_AUTH_CODE/],
  [{ CARRIER_MAX_CONCURRENT: '0' }, /^CARRIER_MAX_CONCURRENT must be/],
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

it('changes the limits that are named and keeps the others', () => {
  const { limits } = readEnvironment({ LIMITS: ' sms-number-day=3, nonce-source-minute=7,' })
  expect(limits['sms-number-day']).toEqual({ most: 3, windowMs: 86_400_000 })
  expect(limits['nonce-source-minute'].most).toBe(7)
  expect(limits['sms-number-minute']).toEqual({ most: 1, windowMs: 60_000 })
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
