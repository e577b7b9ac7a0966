import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient({ LIMITS: 'verify-source-hour=1000' })
})
afterAll(() => patient.close())

const OWN = '13760000001'

async function session(number = OWN, at: Patient = patient): Promise<string> {
  return (await at.login(number)).json.tokenA
}

describe.each(['china-mobile', 'alibaba'] as const)('asked by way of %s', carrier => {
  const token = (number: string): string =>
    carrier === 'alibaba' ? patient.outside.token('alibaba', number) : patient.carriers.token(carrier, number)
  const verify = async (as: string, body: Record<string, unknown>) =>
    patient.call('POST', '/v1/verify-number', { as, body: { carrier, token: token(OWN), ...body } })

  it('says whether a number is the device’s, and no more', async () => {
    const as = await session()
    expect(await verify(as, { number: OWN })).toMatchObject({ status: 200, text: '{"match":true}' })
    expect(await verify(as, { number: '13760000002' })).toMatchObject({ status: 200, text: '{"match":false}' })
    const calls = carrier === 'alibaba' ? patient.outside.calls.filter(call => call.who === 'alibaba') : patient.carriers.calls
    expect(calls.every(call => call.signed)).toBe(true)
  })

  it('compares last digits with the account’s own number and asks the carrier either way', async () => {
    const number = carrier === 'alibaba' ? '13760000003' : '13760000004'
    const as = await session(number)
    expect((await verify(as, { lastDigits: number.slice(-4), token: token(number) })).json).toEqual({ match: true })
    const before = patient.carriers.calls.length + patient.outside.calls.length
    expect((await verify(as, { lastDigits: '9999', token: token(number) })).json).toEqual({ match: false })
    expect(patient.carriers.calls.length + patient.outside.calls.length).toBe(before + 1)
    // The right digits, another device.
    expect((await verify(as, { lastDigits: number.slice(-4), token: token('13760000099') })).json).toEqual({ match: false })
  })
})

it('answers one guess a token', async () => {
  const as = await session('13760000010')
  patient.carriers.singleUse = 'lenient'
  const token = patient.carriers.token('china-mobile', OWN)
  const guess = (number: string) =>
    patient.call('POST', '/v1/verify-number', { as, body: { carrier: 'china-mobile', token, number } })
  expect((await guess('13760000011')).status).toBe(200)
  expect(await guess(OWN)).toMatchObject({ status: 409, json: { error: { code: 'CARRIER_TOKEN_SPENT' } } })
  patient.carriers.singleUse = 'strict'
})

it('bounds guesses by account, by number and by source', async () => {
  const small = await startPatient({ LIMITS: 'verify-account-day=3,verify-number-day=4,verify-source-hour=6' })
  const guess = async (as: string, number: string, from: string) => {
    const body = { carrier: 'china-mobile', token: small.carriers.token('china-mobile', OWN), number }
    return (await small.call('POST', '/v1/verify-number', { as, body, from })).status
  }
  const [one, two, three] = [
    await session('13760000020', small),
    await session('13760000021', small),
    await session('13760000022', small),
  ]
  const statuses = []
  for (let i = 0; i < 4; i++) statuses.push(await guess(one, '13760000030', '192.0.2.1'))
  for (let i = 0; i < 2; i++) statuses.push(await guess(two, '13760000030', '192.0.2.2'))
  expect(statuses).toEqual([200, 200, 200, 429, 200, 429])
  const spread = []
  for (let i = 0; i < 3; i++) spread.push(await guess(three, `1376000004${i}`, '192.0.2.1'))
  expect(spread).toEqual([200, 200, 429])
  expect(small.carriers.calls.filter(call => call.signed)).toHaveLength(3 + 6)
  await small.close()
})

it.each([
  { number: 1 },
  { number: '138' },
  { lastDigits: '123' },
  { lastDigits: 1234 },
  { lastDigits: ['1234'] },
  {},
  { token: 'x' },
  { carrier: 'qq' },
])('calls %j malformed and asks nobody', async fields => {
  const as = await session('13760000050')
  const before = patient.carriers.calls.length
  const honest = { carrier: 'china-mobile', token: patient.carriers.token('china-mobile', OWN) }
  expect((await patient.call('POST', '/v1/verify-number', { as, body: { ...honest, ...fields } })).status).toBe(400)
  expect(patient.carriers.calls.length).toBe(before)
})

it('needs a session, a carrier that can be asked, and a nonce for this purpose if any', async () => {
  const as = await session('13760000051')
  const body = { carrier: 'china-mobile', token: patient.carriers.token('china-mobile', OWN), number: OWN }
  expect((await patient.call('POST', '/v1/verify-number', { body })).status).toBe(401)
  expect((await patient.call('POST', '/v1/verify-number', { as, body: { ...body, carrier: 'china-telecom' } })).status).toBe(422)
  const login = { ...body, nonce: await patient.nonce() }
  expect((await patient.call('POST', '/v1/verify-number', { as, body: login })).status).toBe(401)
  const verify = { ...body, nonce: await patient.nonce('verify') }
  expect((await patient.call('POST', '/v1/verify-number', { as, body: verify })).json).toEqual({ match: true })
})
