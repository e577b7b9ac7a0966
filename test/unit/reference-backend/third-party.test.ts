import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Provider } from './fake-outside.ts'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterEach(() => {
  patient.outside.status = undefined
})
afterAll(() => patient.close())

const PROVIDERS: readonly Provider[] = ['weibo', 'qq', 'wechat', 'netease']

function logIn(provider: Provider, credential: string, fields: Record<string, unknown> = {}) {
  const name = provider === 'wechat' ? 'code' : 'accessToken'
  return patient.post('/v1/login/third-party', { provider, [name]: credential, ...fields })
}

describe.each(PROVIDERS)('login by %s', provider => {
  it('registers at the first and finds the account at the next', async () => {
    const first = await logIn(provider, patient.outside.credential(provider, '9001'))
    expect(first).toMatchObject({ status: 200, json: { created: true } })
    const next = await logIn(provider, patient.outside.credential(provider, '9001'))
    expect(next.json).toMatchObject({ created: false, account: first.json.account })
    expect(patient.outside.calls.filter(call => call.who === provider).every(call => call.signed)).toBe(true)
  })

  it('refuses a credential made for another app, and one nobody made', async () => {
    const refused = { status: 401, json: { error: { code: 'PROVIDER_TOKEN_REFUSED' } } }
    expect(await logIn(provider, patient.outside.credential(provider, '9002', 'foreign'))).toMatchObject(refused)
    expect(await logIn(provider, 'invented')).toMatchObject(refused)
  })

  it('takes the provider’s word for who it is, not the client’s', async () => {
    const victim = await logIn(provider, patient.outside.credential(provider, '9003'))
    for (const name of ['openId', 'openid', 'uid', 'identifier', 'userId']) {
      const own = await logIn(provider, patient.outside.credential(provider, '9004'), { [name]: '9003' })
      expect(own.json.account.id).not.toBe(victim.json.account.id)
    }
  })

  it('says 502 when the provider fails', async () => {
    const credential = patient.outside.credential(provider, '9005')
    patient.outside.status = 500
    expect(await logIn(provider, credential)).toMatchObject({ status: 502, json: { error: { code: 'PROVIDER_UNAVAILABLE' } } })
  })

  it.each([undefined, null, '', 1, ['x'], { $ne: 1 }, 'a b', 'x'.repeat(1025), 'a\r\nb'])(
    'calls the credential %j malformed and asks nobody',
    async credential => {
      const before = patient.outside.calls.length
      expect((await logIn(provider, credential as string)).status).toBe(400)
      expect(patient.outside.calls.length).toBe(before)
    },
  )
})

it('keeps one id at two providers apart', async () => {
  const answers = []
  for (const provider of PROVIDERS) answers.push(await logIn(provider, patient.outside.credential(provider, '9100')))
  expect(new Set(answers.map(answer => answer.json.account.id)).size).toBe(PROVIDERS.length)
})

it('keeps the newest token of the provider', async () => {
  const credentials = ['9200', '9200'].map(user => patient.outside.credential('qq', user))
  for (const credential of credentials) await logIn('qq', credential)
  const binding = await patient.backend.accounts.binding('qq', '9200')
  expect(await patient.backend.accounts.credential(binding?.identityId ?? '')).toBe(credentials[1])
})

it('takes WeChat’s code only: an access token says of no app that it is for it', async () => {
  const credential = patient.outside.credential('wechat', '9300')
  expect((await patient.post('/v1/login/third-party', { provider: 'wechat', accessToken: credential })).status).toBe(400)
})

it.each(['phone', 'password', 'email', 'QQ', '', null, ['qq'], 'constructor'])('knows no provider %j', async provider => {
  expect((await patient.post('/v1/login/third-party', { provider, accessToken: 'x' })).status).toBe(400)
})

it('says so when a provider is not set up', async () => {
  const small = await startPatient({ QQ_URL: '', QQ_APP_ID: '' })
  expect((await small.post('/v1/login/third-party', { provider: 'qq', accessToken: 'x' })).status).toBe(501)
  await small.close()
})

it('stops asking a provider for a source whose tokens it refuses, and for no other', async () => {
  const small = await startPatient({ LIMITS: 'login-refused-source-minute=2' })
  const body = { provider: 'qq', accessToken: 'invented-token' }
  const forged = async (from: string) => (await small.call('POST', '/v1/login/third-party', { body, from })).status
  expect([await forged('192.0.2.1'), await forged('192.0.2.1'), await forged('192.0.2.1')]).toEqual([401, 401, 429])
  expect(await forged('192.0.2.2')).toBe(401)
  await small.close()
})
