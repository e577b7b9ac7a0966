import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())

const SECRET_CODE = { status: 401, json: { error: { code: 'CODE_INVALID' } } }

function wrong(code: string): string {
  return code === '000000' ? '000001' : '000000'
}

it('registers a number that is new and logs in one that is known, the same account as by one tap', async () => {
  const first = await patient.post('/v1/login/sms', {
    number: '13710000001',
    code: await patient.smsCode('13710000001', 'login'),
  })
  expect(first).toMatchObject({ status: 200, json: { created: true } })
  expect(patient.outside.sms.at(-1)).toMatchObject({ to: '13710000001', template: 'login-code' })
  expect((await patient.login('13710000001')).json).toMatchObject({ created: false, account: first.json.account })
  expect((await patient.me(first.json.tokenA)).json.account.maskedNumber).toBe('137****0001')
})

it('answers the same for a known number as for an unknown one, and never with the code', async () => {
  await patient.login('13710000002')
  const answers = []
  for (const number of ['13710000002', '13710000003'])
    answers.push(await patient.post('/v1/sms/code', { number, purpose: 'reset' }))
  expect(answers[0]).toMatchObject({ status: 202, json: { sent: true, expiresInMs: 300_000 } })
  expect(answers[0]?.text).toBe(answers[1]?.text)
  for (const [i, sent] of patient.outside.sms.slice(-2).entries()) expect(answers[i]?.text).not.toContain(sent.code)
  expect(patient.outside.sms.at(-1)?.template).toBe('reset-code')
})

it('takes a code once', async () => {
  const number = '13710000004'
  const code = await patient.smsCode(number, 'login')
  expect((await patient.post('/v1/login/sms', { number, code })).status).toBe(200)
  expect(await patient.post('/v1/login/sms', { number, code })).toMatchObject(SECRET_CODE)
})

it('lets one of 20 win that use a code at once', async () => {
  const number = '13710000005'
  const code = await patient.smsCode(number, 'login')
  const answers = await Promise.all(Array.from({ length: 20 }, () => patient.post('/v1/login/sms', { number, code })))
  expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
})

it('takes the right code after four wrong ones, but not after five', async () => {
  for (const [number, misses, status] of [
    ['13710000006', 4, 200],
    ['13710000007', 5, 401],
  ] as const) {
    const code = await patient.smsCode(number, 'login')
    for (let i = 0; i < misses; i++)
      expect(await patient.post('/v1/login/sms', { number, code: wrong(code) })).toMatchObject(SECRET_CODE)
    expect((await patient.post('/v1/login/sms', { number, code })).status).toBe(status)
  }
})

it('gives a new code all its tries, and the old one none', async () => {
  const number = '13710000008'
  const old = await patient.smsCode(number, 'login')
  for (let i = 0; i < 6; i++) await patient.post('/v1/login/sms', { number, code: wrong(old) })
  patient.clock.nowMs += 60_000
  const code = await patient.smsCode(number, 'login')
  if (old !== code) expect(await patient.post('/v1/login/sms', { number, code: old })).toMatchObject(SECRET_CODE)
  expect((await patient.post('/v1/login/sms', { number, code })).status).toBe(200)
})

it('takes no code after five minutes', async () => {
  const number = '13710000009'
  const code = await patient.smsCode(number, 'login')
  patient.clock.nowMs += 300_000
  expect(await patient.post('/v1/login/sms', { number, code })).toMatchObject(SECRET_CODE)
})

it('takes a code for the number and purpose it was sent for only', async () => {
  const code = await patient.smsCode('13710000010', 'login')
  expect(await patient.post('/v1/login/sms', { number: '13710000011', code })).toMatchObject(SECRET_CODE)
  const reset = { number: '13710000010', code, password: 'long enough' }
  expect(await patient.post('/v1/password/reset', reset)).toMatchObject(SECRET_CODE)
  expect((await patient.post('/v1/login/sms', { number: '13710000010', code })).status).toBe(200)
})

it('sends to a number once a minute and ten times a day, in whichever spelling', async () => {
  const spellings = ['13710000012', '+8613710000012', '008613710000012', '8613710000012']
  const send = (i: number) => patient.post('/v1/sms/code', { number: spellings[i % 4], purpose: 'login' })
  expect((await send(0)).status).toBe(202)
  const again = await send(1)
  expect(again).toMatchObject({ status: 429, headers: { 'retry-after': '60' }, json: { error: { code: 'RATE_LIMITED' } } })
  const sent = []
  for (let i = 0; i < 12; i++) {
    patient.clock.nowMs += 60_000
    sent.push((await send(i)).status)
  }
  // The refused second one was a try as well, so the day's ten are used up by it too.
  expect(sent.filter(status => status === 202).length).toBeLessThanOrEqual(9)
  expect(sent.at(-1)).toBe(429)
})

it('sends no more than the source’s and everybody’s budget, also when asked at once', async () => {
  const small = await startPatient({ LIMITS: 'sms-source-hour=3,sms-global-minute=5' })
  const send = (i: number, from: string) =>
    small.call('POST', '/v1/sms/code', { body: { number: `1371000010${i}`, purpose: 'login' }, from })
  const one = await Promise.all([0, 1, 2, 3, 4].map(i => send(i, '192.0.2.1')))
  expect(one.filter(answer => answer.status === 202)).toHaveLength(3)
  const many = await Promise.all([5, 6, 7, 8].map(i => send(i, `192.0.2.${i}`)))
  expect(many.filter(answer => answer.status === 202)).toHaveLength(2)
  expect(small.outside.sms).toHaveLength(5)
  await small.close()
})

it('counts an IPv6 network as one source', async () => {
  const small = await startPatient({ LIMITS: 'sms-source-hour=1' })
  const send = (i: number, from: string) =>
    small.call('POST', '/v1/sms/code', { body: { number: `1371000020${i}`, purpose: 'login' }, from })
  expect((await send(0, '2001:db8:1:2::1')).status).toBe(202)
  expect((await send(1, '2001:db8:1:2:ffff::9')).status).toBe(429)
  expect((await send(2, '2001:db8:1:3::1')).status).toBe(202)
  await small.close()
})

it('bounds guesses of one source over all numbers', async () => {
  const small = await startPatient({ LIMITS: 'code-source-hour=3' })
  const guess = (i: number) => small.post('/v1/login/sms', { number: `1371000030${i}`, code: '123456' })
  for (let i = 0; i < 3; i++) expect((await guess(i)).status).toBe(401)
  expect((await guess(4)).status).toBe(429)
  await small.close()
})

it('says when the gateway took no message, and that none is set up', async () => {
  patient.outside.status = 503
  expect(await patient.post('/v1/sms/code', { number: '13710000013', purpose: 'login' })).toMatchObject({ status: 502 })
  patient.outside.status = undefined
  const mute = await startPatient({ SMS_URL: '', SMS_API_KEY: '' })
  expect(await mute.post('/v1/sms/code', { number: '13710000013', purpose: 'login' })).toMatchObject({ status: 501 })
  await mute.close()
})

it.each([
  { number: '+1 3710000014' },
  { number: 13710000014 },
  { number: ['13710000014'] },
  { number: '１３７１０００００１４' },
  { number: '13710000014\0' },
  { number: '13710000014,13710000015' },
  { purpose: 'unbind' },
  { purpose: undefined },
  { purpose: ['login'] },
])('refuses to send for %j', async fields => {
  // biome-ignore format: a table
  expect((await patient.post('/v1/sms/code', { number: '13710000014', purpose: 'login', ...fields })).status).toBe(400)
})

it.each([undefined, null, 123456, '12345', '1234567', ['123456'], { $ne: null }, '１２３４５６'])(
  'calls the code %j malformed',
  async code => {
    expect((await patient.post('/v1/login/sms', { number: '13710000014', code })).status).toBe(400)
  },
)
