import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())

const STEP_UP = { status: 409, json: { error: { code: 'STEP_UP_REQUIRED' } } }

it('asks about a known number since it was bound, signed, and lets its owner in', async () => {
  const first = await patient.login('13750000001')
  const boundAtMs = patient.clock.nowMs
  patient.clock.nowMs += 3_600_000
  const before = patient.outside.calls.length
  expect((await patient.login('13750000001')).json.account).toEqual(first.json.account)
  const asked = patient.outside.calls.slice(before)
  expect(asked).toMatchObject([{ who: 'subscriber', signed: true, fields: { InputNumber: '13750000001', Mask: 'NORMAL' } }])
  const beijing = new Date(boundAtMs + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  expect(asked[0]?.fields.StartTime).toBe(beijing)
})

it('does not ask about a number nobody has bound', async () => {
  const before = patient.outside.calls.length
  await patient.login('13750000002')
  expect(patient.outside.calls.length).toBe(before)
})

describe.each(['1', '4'])('when the number changed hands (%s)', said => {
  it('gives its new owner an account of its own and ends the former owner’s sessions, without any notice', async () => {
    const number = `1375000001${said}`
    const former = await patient.login(number)
    patient.outside.subscribers.set(number, said)
    const owner = await patient.login(number)
    expect(owner).toMatchObject({ status: 200, json: { created: true } })
    expect(owner.json.account.id).not.toBe(former.json.account.id)
    expect((await patient.me(former.json.tokenA)).status).toBe(401)
    patient.outside.subscribers.set(number, '2')
    expect((await patient.login(number)).json.account).toEqual(owner.json.account)
  })

  it('does not reset the former owner’s password by a code to the number', async () => {
    const number = `1375000002${said}`
    const former = await patient.login(number)
    const headers = { 'x-reauth': await patient.ticket(former.json.tokenA, number) }
    await patient.call('PUT', '/v1/password', { as: former.json.tokenA, headers, body: { password: 'former owner’s' } })
    patient.outside.subscribers.set(number, said)
    const code = await patient.smsCode(number, 'reset')
    expect((await patient.post('/v1/password/reset', { number, code, password: 'new owner’s' })).status).toBe(401)
  })
})

describe.each(['0', '3', 'PortabilityNumberNotSupported', 'RequestFrequencyLimit'])('when nobody can tell (%s)', said => {
  it('demands another way in and changes nothing', async () => {
    const number = '13750000030'
    patient.outside.subscribers.set(number, '2')
    const owner = await patient.login(number)
    patient.outside.subscribers.set(number, said)
    patient.clock.nowMs += 60_000
    const code = await patient.smsCode(number, 'login')
    expect(await patient.login(number)).toMatchObject(STEP_UP)
    expect(await patient.post('/v1/login/sms', { number, code })).toMatchObject(STEP_UP)
    expect((await patient.me(owner.json.tokenA)).status).toBe(200)
    patient.outside.subscribers.set(number, '2')
    expect((await patient.login(number)).json.account).toEqual(owner.json.account)
  })
})

it('demands another way in when the service cannot be reached', async () => {
  const owner = await patient.login('13750000040')
  patient.outside.status = 500
  expect(await patient.login('13750000040')).toMatchObject(STEP_UP)
  patient.outside.status = undefined
  expect((await patient.login('13750000040')).json.account).toEqual(owner.json.account)
})

it('asks nobody when it is turned off', async () => {
  const off = await startPatient({ SUBSCRIBER_CHECK: 'off' })
  off.outside.subscribers.set('13750000050', '1')
  await off.login('13750000050')
  expect((await off.login('13750000050')).json.created).toBe(false)
  expect(off.outside.calls).toEqual([])
  await off.close()
})

it('makes codes on their way to a reissued number worthless', async () => {
  await patient.login('13750000060')
  const code = await patient.smsCode('13750000060', 'login')
  patient.clock.nowMs += 10
  const occurredAt = new Date(patient.clock.nowMs).toISOString()
  await patient.rebind({
    eventId: 'sub-1',
    kind: 'reissued',
    msisdn: '13750000060',
    carrier: 'china-mobile',
    occurredAt,
    sequence: 1,
  })
  expect((await patient.post('/v1/login/sms', { number: '13750000060', code })).status).toBe(401)
})

it('does not take a holder for gone who came within the second in which the number was reissued', async () => {
  const number = '13750000070'
  patient.clock.nowMs = Math.ceil(patient.clock.nowMs / 1000) * 1000 + 100
  await patient.login(number)
  patient.clock.nowMs += 100
  patient.outside.reissuedAtMs.set(number, patient.clock.nowMs)
  patient.clock.nowMs += 100
  const owner = await patient.login(number)
  expect(owner.json.created).toBe(true)
  for (const afterMs of [100, 2000, 3_600_000]) {
    patient.clock.nowMs += afterMs
    expect((await patient.login(number)).json).toMatchObject({ created: false, account: owner.json.account })
  }
  patient.outside.reissuedAtMs.set(number, patient.clock.nowMs)
  expect((await patient.login(number)).json.created).toBe(true)
})
