import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { AUTH_CODE } from './fake-carriers.ts'
import { APP_IDS, type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())
beforeEach(() => {
  patient.carriers.calls.length = 0
})

const TOKEN = `STsid0000001551151128045${'a'.repeat(32)}`
const WRONG_TYPES = [undefined, null, true, 0, 1.5, [], {}, [TOKEN], { value: TOKEN }]

describe('one-tap login', () => {
  const tokens = [
    ...WRONG_TYPES,
    '',
    ' ',
    TOKEN.slice(0, -1),
    `${TOKEN}a`,
    `${TOKEN}\n`,
    ` ${TOKEN}`,
    TOKEN.replace('a', '\u0430'),
    TOKEN.replace('STsid', 'stsid'),
    encodeURIComponent(`${TOKEN} `),
    'x'.repeat(10_000),
    "' OR 1=1 --",
    '\ud800',
    '\0',
  ]
  it.each(tokens)('refuses the token %j without a carrier call', async token => {
    const answer = await patient.login('13800000000', { token })
    expect([400, 422]).toContain(answer.status)
    expect(patient.carriers.calls).toEqual([])
  })

  const nonces = [
    ...WRONG_TYPES,
    '',
    'undefined',
    'A'.repeat(21),
    'A'.repeat(22),
    'A'.repeat(23),
    `${'A'.repeat(22)}\n`,
    '\0'.repeat(22),
  ]
  it.each(nonces)('refuses the nonce %j without a carrier call', async nonce => {
    const answer = await patient.login('13800000000', { nonce })
    expect([400, 401]).toContain(answer.status)
    expect(patient.carriers.calls).toEqual([])
  })

  const carriers = [
    ...WRONG_TYPES,
    '',
    'CM',
    'china-mobile ',
    'China-Mobile',
    'china-mobile\0',
    '__proto__',
    'constructor',
    'toString',
  ]
  it.each(carriers)('refuses the carrier %j without a carrier call', async carrier => {
    const answer = await patient.login('13800000000', { carrier })
    expect(answer.status).toBe(400)
    expect(patient.carriers.calls).toEqual([])
  })

  it.each([...WRONG_TYPES, '', APP_IDS['china-unicom'], '10000002'])(
    'refuses the app id %j without a carrier call',
    async appId => {
      const answer = await patient.login('13800000000', { appId })
      expect([400, 403]).toContain(answer.status)
      expect(patient.carriers.calls).toEqual([])
    },
  )

  it.each([...WRONG_TYPES, '', AUTH_CODE.slice(1), `${AUTH_CODE}&accessCode=x`])(
    'refuses the authCode %j of China Telecom',
    async code => {
      const answer = await patient.login('13800000000', { authCode: code }, 'china-telecom')
      expect(answer.status).toBe(400)
      expect(patient.carriers.calls).toEqual([])
    },
  )

  it('does not offer a carrier it was not configured for', async () => {
    const small = await startPatient({ CUCC_URL: '', CUCC_API_KEY: '', CUCC_PLATFORM_PUBLIC_KEY: '', CUCC_PACKAGE: '' })
    const answer = await small.login('13800000000', {}, 'china-unicom')
    expect(answer).toMatchObject({ status: 422, json: { error: { code: 'CARRIER_NOT_OFFERED' } } })
    await small.close()
  })

  it('ignores fields it does not know', async () => {
    expect((await patient.login('13800000000', { sign: 'x', extra: { deep: [1] } })).status).toBe(200)
  })
})

describe('bodies', () => {
  const bodies = [
    '',
    '{',
    'null',
    '[]',
    '"x"',
    '1',
    '{"__proto__":{}}',
    '{"constructor":{"prototype":{}}}',
    '\ufeff{}',
    '['.repeat(8000),
  ]
  it.each(bodies)('that are no usable object get 400: %j', async text => {
    const answer = await patient.postText('/v1/login/one-tap', text)
    expect(answer).toMatchObject({ status: 400 })
  })

  it('above the limit get 413', async () => {
    const answer = await patient.post('/v1/login/one-tap', { token: 'x'.repeat(20_000) })
    expect(answer).toMatchObject({ status: 413, json: { error: { code: 'BODY_TOO_LARGE' } } })
  })

  const types = [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'application/json; charset=utf-16',
    'nonsense',
  ]
  it.each(types)('of type %s get 415', async type => {
    const answer = await patient.postText('/v1/nonce', '{}', { 'content-type': type })
    expect(answer).toMatchObject({ status: 415, json: { error: { code: 'CONTENT_TYPE_UNSUPPORTED' } } })
  })

  it.each([[], null, { deviceId: 1 }, { deviceId: '' }, { deviceId: 'x'.repeat(129) }])(
    'of /v1/nonce must fit: %j',
    async body => {
      expect((await patient.post('/v1/nonce', body)).status).toBe(400)
    },
  )
})

it.each(['/', '/v1/login', '/v1/me/../../etc', '/%00', '/%zz'])('answers 4xx as JSON on the path %s', async path => {
  const answer = await patient.post(path, {})
  expect([400, 404]).toContain(answer.status)
  expect(answer.json.error.code).toMatch(/^[A-Z_]+$/)
})

it('never answers 5xx, a stack or a number, whatever JSON is posted', async () => {
  const paths = fc.constantFrom('/v1/nonce', '/v1/login/one-tap', '/v1/logout', '/v1/carrier/rebind')
  const field = fc.oneof(fc.jsonValue(), fc.constantFrom('china-mobile', APP_IDS['china-mobile'], TOKEN, '13812345678'))
  const body = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom('carrier', 'token', 'appId', 'nonce', 'authCode', 'deviceId'), field),
  )
  await fc.assert(
    fc.asyncProperty(paths, body, async (path, value) => {
      const answer = await patient.post(path, value)
      expect(answer.status).toBeLessThan(500)
      expect(answer.text).not.toMatch(/1\d{10}|\bat .*:\d+:\d+/)
    }),
    { numRuns: 300 },
  )
  expect(patient.carriers.calls).toEqual([])
})

it('never answers 5xx, a stack or a number on any other route either, logged in or not', async () => {
  const { tokenA } = (await patient.login('13812345678')).json
  const ticket = await patient.ticket(tokenA, '13812345678')
  const routes = fc.constantFrom(
    ['POST', '/v1/sms/code'],
    ['POST', '/v1/login/sms'],
    ['POST', '/v1/login/password'],
    ['POST', '/v1/login/third-party'],
    ['PUT', '/v1/password'],
    ['POST', '/v1/password/reset'],
    ['POST', '/v1/refresh'],
    ['POST', '/v1/reauth'],
    ['POST', '/v1/identities'],
    ['POST', '/v1/identities/email/verify'],
    ['DELETE', '/v1/identities/phone'],
    ['PATCH', '/v1/me'],
    ['POST', '/v1/verify-number'],
  ) as fc.Arbitrary<['POST' | 'PUT' | 'DELETE' | 'PATCH', string]>
  const names =
    'number code purpose identifier password oldPassword provider accessToken refreshToken type email carrier token lastDigits nonce'
  const words = fc.constantFrom(
    'phone',
    'qq',
    'wechat',
    'email',
    'login',
    'reset',
    'china-mobile',
    '13812345678',
    'a@b',
    '123456',
    TOKEN,
    '__proto__',
  )
  const field = fc.oneof(fc.jsonValue({ maxDepth: 2 }), words)
  const body = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(fc.constantFrom(...names.split(' ')), field))
  await fc.assert(
    fc.asyncProperty(routes, body, fc.boolean(), async ([method, path], value, loggedIn) => {
      const options = loggedIn ? { as: tokenA, headers: { 'x-reauth': ticket } } : {}
      const answer = await patient.call(method, path, { body: value, ...options })
      expect(answer.status).toBeLessThan(500)
      expect(answer.text).not.toMatch(/(?<!\d)1\d{10}(?!\d)|\bat .*:\d+:\d+/)
    }),
    { numRuns: 400 },
  )
})
