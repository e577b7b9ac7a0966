import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())

it('changes nickname and avatar, each alone, and ignores every other field', async () => {
  const { tokenA, account } = (await patient.login('13770000001')).json
  const patch = (body: unknown) => patient.call('PATCH', '/v1/me', { as: tokenA, body })
  expect((await patch({ nickname: '小明 “O’Neil” 🙂' })).json.account.nickname).toBe('小明 “O’Neil” 🙂')
  const avatar = 'https://example.com/a.png'
  const extra = { id: 'x', phone: '13770000099', qq: '1', verified: true, createdAtMs: 0, msisdn: '1', role: 'admin' }
  const after = await patch({ avatar, ...extra })
  expect(after.json).toMatchObject({ account: { id: account.id, maskedNumber: '137****0001' }, profile: { avatar } })
  expect((await patient.me(tokenA)).json).toEqual(after.json)
  expect((await patient.call('GET', '/v1/identities', { as: tokenA })).json.identities).toHaveLength(1)
})

it.each([
  { nickname: '' },
  { nickname: 1 },
  { nickname: null },
  { nickname: 'x'.repeat(41) },
  { nickname: 'a\nb' },
  { nickname: 'a\u202eb' },
  { nickname: '\0' },
  { avatar: 'http://example.com/a.png' },
  { avatar: 'javascript:1' },
  { avatar: 'https://a b' },
  { avatar: [] },
])('does not take %j', async body => {
  // biome-ignore format: a table
  const { tokenA } = (await patient.login('13770000002')).json
  expect((await patient.call('PATCH', '/v1/me', { as: tokenA, body })).status).toBe(400)
})

it('shows an account to its owner only', async () => {
  const [one, two] = [(await patient.login('13770000003')).json, (await patient.login('13770000004')).json]
  expect((await patient.call('GET', `/v1/accounts/${one.account.id}`, { as: one.tokenA })).json.account.id).toBe(one.account.id)
  for (const id of [two.account.id, 'x', '%00']) {
    expect((await patient.call('GET', `/v1/accounts/${id}`, { as: one.tokenA })).status).toBe(404)
  }
  expect((await patient.call('GET', `/v1/accounts/${one.account.id}`)).status).toBe(401)
})

it('tells its owner of every login: how, when, from where, and of wrong passwords', async () => {
  const from = '192.0.2.7'
  const number = '13770000005'
  const { tokenA } = (await patient.login(number)).json
  const code = await patient.smsCode(number, 'login')
  await patient.call('POST', '/v1/login/sms', { body: { number, code }, from, headers: { 'x-forwarded-for': '203.0.113.1' } })
  await patient.call('POST', '/v1/login/password', { body: { identifier: number, password: 'wrong one' }, from })
  await patient.backend.flows.audit.drain()
  const { logins } = (await patient.call('GET', '/v1/audit', { as: tokenA })).json
  const told = logins.map(({ method, outcome, ip }: Record<string, unknown>) => [method, outcome, ip])
  expect(told).toHaveLength(3)
  expect(told).toEqual(
    expect.arrayContaining([
      ['one-tap:china-mobile', 'granted', '127.0.0.1'],
      ['sms', 'granted', from],
      ['password', 'LOGIN_FAILED', from],
    ]),
  )
})

it('believes X-Forwarded-For of a trusted proxy, and of nobody else', async () => {
  const behind = await startPatient({ TRUSTED_PROXY: '192.0.2.1, 198.51.100.0/24', LIMITS: 'sms-source-hour=1' })
  const send = (number: string, from: string, forwarded: string) => {
    const headers = { 'x-forwarded-for': forwarded }
    return behind.call('POST', '/v1/sms/code', { body: { number, purpose: 'login' }, from, headers })
  }
  expect((await send('13770000010', '192.0.2.1', '203.0.113.1')).status).toBe(202)
  expect((await send('13770000011', '198.51.100.9', '203.0.113.2')).status).toBe(202)
  expect((await send('13770000012', '192.0.2.1', '203.0.113.1')).status).toBe(429)
  expect((await send('13770000013', '203.0.113.9', '203.0.113.3')).status).toBe(202)
  expect((await send('13770000014', '203.0.113.9', '203.0.113.4')).status).toBe(429)
  await behind.close()
})
