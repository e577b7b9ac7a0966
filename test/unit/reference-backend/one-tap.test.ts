import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())
beforeEach(() => {
  patient.carriers.singleUse = 'strict'
  patient.carriers.calls.length = 0
})

it('registers at the first login and finds the same account at the next', async () => {
  const first = await patient.login('13900000001')
  const second = await patient.login('13900000001')
  expect(first.json).toMatchObject({ created: true })
  expect(second.json).toMatchObject({ created: false, account: first.json.account })
})

it('gives 128-bit nonces that differ', async () => {
  const answers = await Promise.all([patient.post('/v1/nonce', {}), patient.post('/v1/nonce', { deviceId: 'd-1' })])
  for (const answer of answers) expect(answer.json).toEqual({ nonce: expect.stringMatching(/^[\w-]{22}$/), expiresInMs: 120_000 })
  expect(answers[0]?.json.nonce).not.toBe(answers[1]?.json.nonce)
})

it('takes a nonce once, and leaves the second token unspent at the carrier', async () => {
  const nonce = await patient.nonce()
  expect((await patient.login('13900000002', { nonce })).status).toBe(200)
  const token = patient.carriers.token('china-mobile', '13900000002')
  expect(await patient.login('13900000002', { nonce, token })).toMatchObject({
    status: 401,
    json: { error: { code: 'NONCE_UNKNOWN' } },
  })
  expect(patient.carriers.calls).toHaveLength(1)
  expect((await patient.login('13900000002', { token })).status).toBe(200)
})

it('lets one of many win that present one nonce at once', async () => {
  const nonce = await patient.nonce()
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => patient.login(`1390000010${i % 10}`, { nonce })))
  expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
  expect(patient.carriers.calls).toHaveLength(1)
})

it('burns the nonce of a login the carrier refused', async () => {
  const nonce = await patient.nonce()
  const refused = patient.carriers.token('china-mobile', '13900000003').replace(/.{4}$/, 'ffff')
  expect((await patient.login('13900000003', { nonce, token: refused })).status).toBe(401)
  expect((await patient.login('13900000003', { nonce })).json.error.code).toBe('NONCE_UNKNOWN')
})

it('does not take a nonce that has ended', async () => {
  const nonce = await patient.nonce()
  patient.clock.nowMs += 120_000
  expect((await patient.login('13900000004', { nonce })).json.error.code).toBe('NONCE_UNKNOWN')
})

it('refuses a token seen before even where the carrier would take it again', async () => {
  patient.carriers.singleUse = 'lenient'
  const token = patient.carriers.token('china-mobile', '13900000005')
  expect((await patient.login('13900000005', { token })).status).toBe(200)
  expect(await patient.login('13900000005', { token })).toMatchObject({
    status: 409,
    json: { error: { code: 'CARRIER_TOKEN_SPENT' } },
  })
  expect(patient.carriers.calls).toHaveLength(1)
})

it('lets one of many win that present one token at once, and makes one account', async () => {
  patient.carriers.singleUse = 'lenient'
  const token = patient.carriers.token('china-mobile', '13900000006')
  const answers = await Promise.all(Array.from({ length: 20 }, () => patient.login('13900000006', { token })))
  expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
})

it('asks only the carrier that was named', async () => {
  const token = patient.carriers.token('china-telecom', '13900000007')
  expect((await patient.login('13900000007', { token }, 'china-unicom')).status).toBe(401)
  expect(patient.carriers.calls.map(call => call.carrier)).toEqual(['china-unicom'])
})

it('logs a number in whichever carrier it comes by, as after porting', async () => {
  const before = await patient.login('13900000008')
  const after = await patient.login('13900000008', {}, 'china-telecom')
  expect(after.json.account).toEqual(before.json.account)
})

it('never shows the full number', async () => {
  const login = await patient.login('13900000009')
  const me = await patient.me(login.json.tokenA)
  const claims = Buffer.from(login.json.tokenA.split('.')[1], 'base64url').toString()
  expect(login.text + me.text + claims).not.toContain('13900000009')
  expect(me.json.account).toEqual({ id: login.json.account.id, nickname: expect.any(String), maskedNumber: '139****0009' })
})
