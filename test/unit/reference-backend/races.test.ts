import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())

const OLD = 'correct horse'
const NEW = 'battery staple'

async function owner(number: string) {
  const { tokenA, account } = (await patient.login(number)).json
  const headers = { 'x-reauth': await patient.ticket(tokenA, number) }
  expect((await patient.call('PUT', '/v1/password', { as: tokenA, headers, body: { password: OLD } })).status).toBe(204)
  return { tokenA, id: account.id }
}

const byPassword = (identifier: string) => patient.post('/v1/login/password', { identifier, password: OLD })

/** Lets something happen while the next password is being compared. */
function whileComparing(happens: () => Promise<unknown>): void {
  const { hasher } = patient.backend.flows
  const matches = hasher.matches.bind(hasher)
  vi.spyOn(hasher, 'matches').mockImplementationOnce(async (...compared) => {
    const right = await matches(...compared)
    await happens()
    return right
  })
}

const reissued = (msisdn: string) => {
  patient.clock.nowMs += 1000
  const occurredAt = new Date(patient.clock.nowMs).toISOString()
  const notice = { eventId: `race-${msisdn}`, kind: 'reissued', carrier: 'china-mobile', occurredAt, sequence: 1 }
  return patient.rebind({ ...notice, msisdn })
}

it('gives a password no new account when the number is parted from the old one meanwhile', async () => {
  const former = await owner('13760000001')
  whileComparing(async () => expect((await reissued('13760000001')).json.applied).toBe(true))
  expect(await byPassword('13760000001')).toMatchObject({ status: 401, json: { error: { code: 'LOGIN_FAILED' } } })
  const next = await patient.login('13760000001')
  expect(next.json.created).toBe(true)
  expect(next.json.account.id).not.toBe(former.id)
})

it('gives a password no new account when the carrier, asked, says the number changed hands', async () => {
  await owner('13760000002')
  patient.outside.subscribers.set('13760000002', '1')
  expect((await byPassword('13760000002')).status).toBe(401)
  patient.outside.subscribers.set('13760000002', '2')
  expect((await patient.login('13760000002')).json.created).toBe(true)
})

it('gives a password no new account when its e-mail address is unbound meanwhile', async () => {
  const { tokenA } = await owner('13760000003')
  const headers = async () => ({ 'x-reauth': await patient.ticket(tokenA, '13760000003') })
  const email = 'three@example.com'
  await patient.call('POST', '/v1/identities', { as: tokenA, headers: await headers(), body: { type: 'email', email } })
  const code = patient.backend.outbox.sent.at(-1)?.code
  await patient.call('POST', '/v1/identities/email/verify', { as: tokenA, body: { email, code } })
  const ticket = await headers()
  whileComparing(async () => {
    expect((await patient.call('DELETE', '/v1/identities/email', { as: tokenA, headers: ticket })).status).toBe(204)
  })
  expect((await byPassword(email)).status).toBe(401)
})

it('ends what an old password opens while a new one is being set', async () => {
  const { tokenA } = await owner('13760000004')
  whileComparing(async () => {
    const code = await patient.smsCode('13760000004', 'confirm')
    expect((await patient.call('PUT', '/v1/password', { as: tokenA, body: { password: NEW, code } })).status).toBe(204)
  })
  const late = await byPassword('13760000004')
  // The password was right when it was looked at; the session must be dead all the same.
  expect((await patient.me(late.json.tokenA)).status).toBe(401)
  expect((await patient.post('/v1/refresh', { refreshToken: late.json.refreshToken })).status).toBe(401)
})

it('makes codes on their way worthless when the carrier, asked, says the number changed hands', async () => {
  await owner('13760000005')
  const code = await patient.smsCode('13760000005', 'login')
  patient.outside.subscribers.set('13760000005', '1')
  expect((await patient.login('13760000005')).json.created).toBe(true)
  patient.outside.subscribers.set('13760000005', '2')
  expect((await patient.post('/v1/login/sms', { number: '13760000005', code })).status).toBe(401)
})
