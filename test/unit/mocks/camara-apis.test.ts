import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { HandsetSim, JournalRow } from '../../../src/contract/journal.ts'
import { type Consumer, consumer } from './camara-consumer.ts'
import { expectSpecified } from './camara-specification.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

const VERIFY = '/number-verification/v2/verify'
const NUMBER = '/number-verification/v2/device-phone-number'
const SIM_CHECK = '/sim-swap/v2/check'
const SIM_DATE = '/sim-swap/v2/retrieve-date'
const DEVICE_CHECK = '/device-swap/v1/check'
const DEVICE_DATE = '/device-swap/v1/retrieve-date'
const RECYCLED = '/number-recycling/v0.2/check'
const SEND = '/one-time-password-sms/v1/send-code'
const VALIDATE = '/one-time-password-sms/v1/validate-code'
const DAY_MS = 86_400_000

let mocks: StartedMocks
let backend: Consumer
let sim: HandsetSim
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['camara'] })
  backend = consumer(mocks)
  sim = await mocks.fresh('china-mobile')
})
afterEach(() => mocks.behave({ assumptions: {} }))
afterAll(() => mocks.close())

const plus = (msisdn: string) => `+86${msisdn}`
const live = (msisdn: string, kind: string, extra: object = {}) => mocks.control('POST', '/life', { msisdn, kind, ...extra })
const assume = (assumptions: Record<string, string>) => mocks.behave({ assumptions })
const today = (shiftDays = 0) => new Date(Date.now() + 8 * 3_600_000 + shiftDays * DAY_MS).toISOString().slice(0, 10)

describe('Number Verification', () => {
  const verify = async (body: unknown) =>
    backend.api('POST', VERIFY, await backend.threeLegged(sim.imsi, 'number-verification:verify'), body)

  it('says whether a number, plain or hashed, is the device’s own', async () => {
    const hash = (number: string) => createHash('sha256').update(number).digest('hex')
    for (const [body, isSame] of [
      [{ phoneNumber: plus(sim.msisdn) }, true],
      [{ phoneNumber: '+8613800000000' }, false],
      [{ hashedPhoneNumber: hash(plus(sim.msisdn)) }, true],
      [{ hashedPhoneNumber: hash(plus(sim.msisdn)).toUpperCase() }, true],
      [{ hashedPhoneNumber: hash(sim.msisdn) }, false],
    ] as const) {
      const { status, json } = await verify(body)
      expect([status, json]).toEqual([200, { devicePhoneNumberVerified: isSame }])
    }
  })

  it('gives the number to those who may read it', async () => {
    const token = await backend.threeLegged(sim.imsi, 'number-verification:device-phone-number:read')
    expect((await backend.api('GET', NUMBER, token)).json).toEqual({ devicePhoneNumber: plus(sim.msisdn) })
  })

  it.each([
    [{}],
    [{ phoneNumber: '13800000000' }],
    [{ phoneNumber: '+0138' }],
    [{ phoneNumber: 8613800000000 }],
    [{ hashedPhoneNumber: 'abc' }],
    [{ phoneNumber: '+8613800000000', hashedPhoneNumber: 'a'.repeat(64) }],
    [{ number: '+8613800000000' }],
    [[]],
    ['{"phoneNumber":'],
  ])('refuses the body %j', async body => {
    const { status, json } = await verify(body)
    expect([status, json.code]).toEqual([400, 'INVALID_ARGUMENT'])
  })

  it('serves one call per token, unless told otherwise', async () => {
    const body = { phoneNumber: plus(sim.msisdn) }
    const token = await backend.threeLegged(sim.imsi, 'number-verification:verify')
    expect((await backend.api('POST', VERIFY, token, body)).status).toBe(200)
    expect((await backend.api('POST', VERIFY, token, body)).json.code).toBe('UNAUTHENTICATED')
    await assume({ 'camara.number-verification-token': 'reusable' })
    expect((await backend.api('POST', VERIFY, token, body)).status).toBe(200)
  })

  it('gives one winner when a token is used many times at once', async () => {
    const token = await backend.threeLegged(sim.imsi, 'number-verification:verify')
    const calls = Array.from({ length: 20 }, () => backend.api('POST', VERIFY, token, { phoneNumber: plus(sim.msisdn) }))
    expect((await Promise.all(calls)).filter(reply => reply.status === 200)).toHaveLength(1)
  })

  it('does not take a token after five minutes, or of a SIM card that was replaced since', async () => {
    const body = { phoneNumber: plus(sim.msisdn) }
    const old = await backend.threeLegged(sim.imsi, 'number-verification:verify')
    await mocks.control('POST', '/clock', { advanceMs: 300_000 })
    expect((await backend.api('POST', VERIFY, old, body)).status).toBe(401)
    const other = await mocks.fresh('china-unicom')
    const stale = await backend.threeLegged(other.imsi, 'number-verification:verify')
    await live(other.msisdn, 'sim-replaced')
    expect((await backend.api('POST', VERIFY, stale, { phoneNumber: plus(other.msisdn) })).status).toBe(401)
  })
})

describe('SIM Swap and Device Swap', () => {
  const ask = async (path: string, msisdn: string, extra: object = {}) =>
    backend.api('POST', path, await backend.twoLegged('sim-swap', 'device-swap'), { phoneNumber: plus(msisdn), ...extra })

  it('see the last change, within the age that is asked for', async () => {
    const one = await mocks.fresh('china-telecom')
    expect((await ask(SIM_CHECK, one.msisdn)).json).toEqual({ swapped: false })
    const before = (await ask(SIM_DATE, one.msisdn)).json
    expect(before.latestSimChange).toMatch(/^201[2-9]-/)
    await live(one.msisdn, 'sim-replaced')
    expect((await ask(SIM_CHECK, one.msisdn)).json).toEqual({ swapped: true })
    expect((await ask(DEVICE_CHECK, one.msisdn)).json).toEqual({ swapped: false })
    await live(one.msisdn, 'device-changed')
    expect((await ask(DEVICE_CHECK, one.msisdn)).json).toEqual({ swapped: true })
    await mocks.control('POST', '/clock', { advanceMs: 3 * 3_600_000 })
    expect((await ask(SIM_CHECK, one.msisdn, { maxAge: 2 })).json).toEqual({ swapped: false })
    expect((await ask(SIM_CHECK, one.msisdn, { maxAge: 4 })).json).toEqual({ swapped: true })
    const { latestSimChange } = (await ask(SIM_DATE, one.msisdn)).json
    const { latestDeviceChange } = (await ask(DEVICE_DATE, one.msisdn)).json
    expect(Date.parse(latestDeviceChange)).toBeGreaterThanOrEqual(Date.parse(latestSimChange))
  })

  it('answer null beyond a limited history, which is not "never"', async () => {
    await assume({ 'camara.monitored-days': '120' })
    const one = await mocks.fresh('china-telecom')
    expect((await ask(SIM_DATE, one.msisdn)).json).toEqual({ latestSimChange: null, monitoredPeriod: 120 })
    await live(one.msisdn, 'sim-replaced')
    expect((await ask(SIM_DATE, one.msisdn)).json.latestSimChange).toMatch(/^20/)
  })

  it.each([
    [SIM_CHECK, { maxAge: 0 }, 'OUT_OF_RANGE'],
    [SIM_CHECK, { maxAge: 2401 }, 'OUT_OF_RANGE'],
    [DEVICE_CHECK, { maxAge: 100_000 }, 'OUT_OF_RANGE'],
    [SIM_CHECK, { maxAge: '24' }, 'INVALID_ARGUMENT'],
    [SIM_CHECK, { maxAge: 1.5 }, 'INVALID_ARGUMENT'],
    [SIM_DATE, { phoneNumber: '13800000000' }, 'INVALID_ARGUMENT'],
    [DEVICE_DATE, { phoneNumber: null }, 'INVALID_ARGUMENT'],
  ])('%s refuses %j with %s', async (path, extra, code) => {
    const { status, json } = await ask(path, sim.msisdn, extra)
    expect([status, json.code]).toEqual([400, code])
  })
})

describe('Number Recycling', () => {
  const ask = async (msisdn: string, specifiedDate: unknown) =>
    backend.api('POST', RECYCLED, await backend.twoLegged('number-recycling:check'), { phoneNumber: plus(msisdn), specifiedDate })

  it('tells days before the present holder from the day it became one', async () => {
    const one = await mocks.fresh('china-mobile')
    expect((await ask(one.msisdn, '2022-01-01')).json).toEqual({ phoneNumberRecycled: false })
    await live(one.msisdn, 'deactivated', { occurredAt: new Date(Date.now() - 100 * DAY_MS).toISOString() })
    expect((await ask(one.msisdn, today(-1))).json).toEqual({ phoneNumberRecycled: true })
    await live(one.msisdn, 'reissued', { occurredAt: new Date(Date.now() - 5 * DAY_MS).toISOString() })
    expect((await ask(one.msisdn, today(-6))).json).toEqual({ phoneNumberRecycled: true })
    expect((await ask(one.msisdn, today(-5))).json).toEqual({ phoneNumberRecycled: false })
    expect((await ask(one.msisdn, today(-50))).json).toEqual({ phoneNumberRecycled: true })
  })

  it('does not guess outside its window', async () => {
    await assume({ 'camara.recycling-window-days': '365' })
    expect((await ask(sim.msisdn, today(-360))).status).toBe(200)
    expect((await ask(sim.msisdn, today(-370))).json.code).toBe('OUT_OF_RANGE')
  })

  it.each([
    [undefined, 'INVALID_ARGUMENT'],
    ['yesterday', 'INVALID_ARGUMENT'],
    ['2026-02-30', 'INVALID_ARGUMENT'],
    ['2026-1-1', 'INVALID_ARGUMENT'],
    ['2026-01-01T00:00:00Z', 'INVALID_ARGUMENT'],
    [20_260_101, 'INVALID_ARGUMENT'],
    ['2999-01-01', 'OUT_OF_RANGE'],
  ])('refuses the date %j with %s', async (date, code) => {
    const { status, json } = await ask(sim.msisdn, date)
    expect([status, json.code]).toEqual([400, code])
  })
})

describe('One Time Password SMS', () => {
  const scope = 'one-time-password-sms:send-validate'
  const send = async (msisdn: string, change: object = {}) =>
    backend.api('POST', SEND, await backend.twoLegged(scope), { phoneNumber: plus(msisdn), message: 'Your {{code}}.', ...change })
  const validate = async (authenticationId: unknown, code: unknown) =>
    backend.api('POST', VALIDATE, await backend.twoLegged(scope), { authenticationId, code })
  const lastCode = async (msisdn: string) => {
    const { body } = await mocks.control<{ messages: { params: { code: string; text: string } }[] }>('POST', '/sms/query', {
      to: msisdn,
    })
    return body.messages.at(-1)!.params
  }

  it('sends a code that is good for once', async () => {
    const one = await mocks.fresh('china-mobile')
    const { authenticationId } = (await send(one.msisdn)).json
    const { code, text } = await lastCode(one.msisdn)
    expect(text).toBe(`Your ${code}.`)
    expect((await validate(authenticationId, code)).status).toBe(204)
    expect((await validate(authenticationId, code)).json.code).toBe('ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED')
  })

  it('gives one winner when a code is validated many times at once', async () => {
    const one = await mocks.fresh('china-mobile')
    const { authenticationId } = (await send(one.msisdn)).json
    const { code } = await lastCode(one.msisdn)
    const replies = await Promise.all(Array.from({ length: 10 }, () => validate(authenticationId, code)))
    expect(replies.filter(reply => reply.status === 204)).toHaveLength(1)
  })

  it('ends a code by three wrong guesses, by a newer one, and after five minutes', async () => {
    const one = await mocks.fresh('china-mobile')
    const first = (await send(one.msisdn)).json.authenticationId
    const right = (await lastCode(one.msisdn)).code
    const guesses = [
      await validate(first, 'x'),
      await validate(first, 'x'),
      await validate(first, 'x'),
      await validate(first, right),
    ]
    expect(guesses.map(reply => reply.json.code.split('.')[1])).toEqual([
      'INVALID_OTP',
      'INVALID_OTP',
      'VERIFICATION_FAILED',
      'VERIFICATION_FAILED',
    ])
    const second = (await send(one.msisdn)).json.authenticationId
    const { code } = await lastCode(one.msisdn)
    await send(one.msisdn)
    expect((await validate(second, code)).json.code).toBe('ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED')
    const third = (await send(one.msisdn)).json.authenticationId
    await mocks.control('POST', '/clock', { advanceMs: 300_000 })
    expect((await validate(third, (await lastCode(one.msisdn)).code)).json.code).toBe(
      'ONE_TIME_PASSWORD_SMS.VERIFICATION_EXPIRED',
    )
  })

  it('sends a number ten codes in ten minutes and no more', async () => {
    const one = await mocks.fresh('china-mobile')
    for (let i = 0; i < 10; i++) expect((await send(one.msisdn)).status).toBe(200)
    const refused = await send(one.msisdn)
    expect([refused.status, refused.json.code]).toEqual([403, 'ONE_TIME_PASSWORD_SMS.MAX_OTP_CODES_EXCEEDED'])
  })

  it.each([
    [{ phoneNumber: undefined }, 400, 'INVALID_ARGUMENT'],
    [{ phoneNumber: '138' }, 400, 'INVALID_ARGUMENT'],
    [{ message: undefined }, 400, 'INVALID_ARGUMENT'],
    [{ message: 'no place for it' }, 400, 'INVALID_ARGUMENT'],
    [{ message: `{{code}}${'x'.repeat(153)}` }, 400, 'INVALID_ARGUMENT'],
    [{ phoneNumber: '+12025550100' }, 404, 'NOT_FOUND'],
  ])('refuses to send %j', async (change, status, code) => {
    const refused = await send(sim.msisdn, change)
    expect([refused.status, refused.json.code]).toEqual([status, code])
  })

  it.each([
    [undefined, '1', 400],
    ['x'.repeat(37), '1', 400],
    ['x', '1'.repeat(11), 400],
    ['x', 123456, 400],
    ['unknown', '123456', 404],
  ])('refuses to validate %j with %j', async (id, code, status) => {
    expect((await validate(id, code)).status).toBe(status)
  })
})

describe('all APIs', () => {
  const places = [
    ['POST', VERIFY],
    ['GET', NUMBER],
    ['POST', SIM_CHECK],
    ['POST', SIM_DATE],
    ['POST', DEVICE_CHECK],
    ['POST', DEVICE_DATE],
    ['POST', RECYCLED],
    ['POST', SEND],
    ['POST', VALIDATE],
    ['POST', '/sim-swap-subscriptions/v0.3/subscriptions'],
    ['GET', '/sim-swap-subscriptions/v0.3/subscriptions'],
    ['GET', '/sim-swap-subscriptions/v0.3/subscriptions/x'],
    ['DELETE', '/sim-swap-subscriptions/v0.3/subscriptions/x'],
  ] as const
  const bodyFor = (method: string) => (method === 'POST' ? {} : undefined)

  it.each(places)('%s %s says the same to all who have no token that holds', async (method, path) => {
    const bodies = await Promise.all(
      ['', 'x', 'x y', '%'].map(async token => {
        const { status, json, headers } = await backend.api(method, path, token, bodyFor(method))
        expect(status).toBe(401)
        expect(headers.get('www-authenticate')).toBe('Bearer')
        return JSON.stringify(json)
      }),
    )
    expect(new Set(bodies).size).toBe(1)
    expect(JSON.parse(bodies[0]!)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  })

  it.each(places)('%s %s refuses a token without its scope', async (method, path) => {
    const scope = path === SIM_CHECK || path === SIM_DATE ? 'device-swap' : 'sim-swap'
    const { status, json } = await backend.api(method, path, await backend.twoLegged(scope), bodyFor(method))
    expect([status, json.code]).toEqual([403, 'PERMISSION_DENIED'])
  })

  it.each([SIM_CHECK, SIM_DATE, DEVICE_CHECK, DEVICE_DATE, RECYCLED])('%s takes the user or a number, never both', async path => {
    const scopes = ['sim-swap', 'device-swap', 'number-recycling:check']
    const body = path === RECYCLED ? { specifiedDate: today() } : {}
    const [user, client] = [await backend.threeLegged(sim.imsi, ...scopes), await backend.twoLegged(...scopes)]
    const number = { phoneNumber: plus(sim.msisdn) }
    expect((await backend.api('POST', path, user, body)).status).toBe(200)
    expect((await backend.api('POST', path, client, { ...body, ...number })).status).toBe(200)
    expect((await backend.api('POST', path, user, { ...body, ...number })).json.code).toBe('UNNECESSARY_IDENTIFIER')
    expect((await backend.api('POST', path, client, body)).json.code).toBe('MISSING_IDENTIFIER')
    const unknown = await backend.api('POST', path, client, { ...body, phoneNumber: '+12025550100' })
    expect([unknown.status, unknown.json.code]).toEqual([404, 'IDENTIFIER_NOT_FOUND'])
  })

  it('echo a correlator, add none, and refuse a malformed one', async () => {
    const token = await backend.twoLegged('sim-swap')
    const ask = (headers: object) => backend.api('POST', SIM_CHECK, token, { phoneNumber: plus(sim.msisdn) }, headers)
    expect((await ask({ 'x-correlator': 'a-_:;./<>{}9' })).headers.get('x-correlator')).toBe('a-_:;./<>{}9')
    expect((await ask({})).headers.get('x-correlator')).toBeNull()
    for (const bad of ['a b', 'ä', 'x'.repeat(257)]) {
      const refused = await ask({ 'x-correlator': bad })
      expect([refused.status, refused.json.code, refused.headers.get('x-correlator')]).toEqual([400, 'INVALID_ARGUMENT', null])
    }
    const denied = await backend.api('POST', SIM_CHECK, '', {}, { 'x-correlator': 'c1' })
    expect([denied.status, denied.headers.get('x-correlator')]).toEqual([401, 'c1'])
  })

  it('refuse bodies that are no JSON object, another content type, another method, and a body without end', async () => {
    const token = await backend.twoLegged('sim-swap')
    const ask = async (body: string, type = 'application/json', method = 'POST') =>
      (await backend.api(method, SIM_CHECK, token, body, { 'content-type': type })).json.code
    for (const body of ['', '[]', '"x"', 'null', '{"a":']) expect(await ask(body)).toBe('INVALID_ARGUMENT')
    expect(await ask('{}', 'text/plain')).toBe('UNSUPPORTED_MEDIA_TYPE')
    expect(await ask('{}', 'application/jsonx')).toBe('UNSUPPORTED_MEDIA_TYPE')
    expect(await ask('{}', 'application/json', 'PUT')).toBe('METHOD_NOT_ALLOWED')
    expect(await ask('x'.repeat(70_000))).toBe('INVALID_ARGUMENT')
  })

  it('ignore fields they do not know, until told to be strict', async () => {
    const token = await backend.twoLegged('sim-swap')
    const ask = () => backend.api('POST', SIM_CHECK, token, { phoneNumber: plus(sim.msisdn), mood: 1 })
    expect((await ask()).status).toBe(200)
    await assume({ 'camara.request-bodies': 'strict' })
    expect((await ask()).json.code).toBe('INVALID_ARGUMENT')
  })

  it('answer a system error in their own form', async () => {
    await mocks.behave({ faults: [{ id: 'error-rate', share: 1, answer: 'business' }] })
    const { status, json } = await backend.api('POST', SIM_CHECK, 'x', {})
    await mocks.behave({ faults: [] })
    expect([status, json.code]).toEqual([500, 'INTERNAL'])
  })

  it('are in the journal with operation, token and consumer', async () => {
    const token = await backend.twoLegged('sim-swap')
    await backend.api('POST', SIM_CHECK, token, { phoneNumber: plus(sim.msisdn) })
    const { body } = await mocks.control<{ rows: JournalRow[] }>('POST', '/journal/query', { tokens: [token] })
    expect(body.rows).toMatchObject([
      { provider: 'camara', operation: 'checkSimSwap', appId: backend.clientId, signature: 'ok', httpStatus: 200, billed: true },
    ])
  })
})

it('an answer that the specification does not allow would be noticed', () => {
  const error = (status: number, code: string) => ({ status, code, message: 'x' })
  expectSpecified('POST', SIM_CHECK, 200, { swapped: true })
  for (const [path, status, body] of [
    [SIM_CHECK, 200, { swapped: 'yes' }],
    [SIM_CHECK, 200, {}],
    [SIM_CHECK, 201, { swapped: true }],
    [SIM_CHECK, 404, error(404, 'GONE')],
    [SIM_CHECK, 404, error(400, 'NOT_FOUND')],
    [SIM_DATE, 200, { latestSimChange: 'yesterday' }],
    [VALIDATE, 204, {}],
    [RECYCLED, 409, error(409, 'CONFLICT')],
  ] as const) {
    expect(() => expectSpecified('POST', path, status, body), JSON.stringify(body)).toThrow()
  }
})
