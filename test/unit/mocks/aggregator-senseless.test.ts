import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ReceivedSms } from '../../../mocks/sms-inbox.ts'
import { chuanglanSign } from '../../../mocks/wire/chuanglan.ts'
import { alibabaCall, umengCall, yidunFields } from './aggregator-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

/** Requests that are signed as they should be and make no sense. */
let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['alibaba-dypns', 'jiguang', 'chuanglan', 'yidun', 'umeng'] })
  env = mocks.ready.environment
})
afterAll(() => mocks.close())

async function post(url: string, body: string, headers: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await fetch(url, { method: 'POST', body, headers })
  return (await response.json()) as Record<string, unknown>
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

it.each([{}, { loginToken: 5 }, { loginToken: '' }, { loginToken: null }, { loginToken: ['x'] }, { logintoken: 'x' }])(
  'Jiguang calls %j a wrong parameter',
  async body => {
    const pair = Buffer.from(`${env.JIGUANG_APP_KEY}:${env.JIGUANG_MASTER_SECRET}`).toString('base64')
    const headers = { 'content-type': 'application/json', authorization: `Basic ${pair}` }
    const answer = await post(`${env.JIGUANG_URL}/v1/web/loginTokenVerify`, JSON.stringify(body), headers)
    expect(answer).toEqual({ code: 9012, content: 'parameter invalid' })
    const check = await post(`${env.JIGUANG_URL}/v1/web/verify`, JSON.stringify({ token: 'x', phone: 'x' }), headers)
    expect(check).toMatchObject({ code: 9012 })
  },
)

it.each([
  ['mobile-query', { token: 'x', encryptType: '7' }, '400001'],
  ['mobile-query', { token: '' }, '400001'],
  ['mobile-query', { token: 'x', appId: 'nobody' }, '400901'],
  ['mobile-validate', { token: 'x', mobile: '' }, '400201'],
])('Chuanglan answers %s with %j by %s', async (path, fields, code) => {
  const signed: Record<string, string> = { appId: env.CHUANGLAN_APP_ID!, ...fields }
  const form = new URLSearchParams({ ...signed, sign: chuanglanSign(signed, env.CHUANGLAN_APP_KEY!) }).toString()
  expect(await post(`${env.CHUANGLAN_URL}/open/flashsdk/${path}`, form, FORM)).toMatchObject({
    code,
    chargeStatus: 0,
    data: null,
  })
})

it('Chuanglan takes an upper-case sign only when told so', async () => {
  const signed = { appId: env.CHUANGLAN_APP_ID!, token: 'x' }
  const sign = chuanglanSign(signed, env.CHUANGLAN_APP_KEY!).toUpperCase()
  const url = `${env.CHUANGLAN_URL}/open/flashsdk/mobile-query?${new URLSearchParams({ ...signed, sign })}`
  expect(await post(url, '', {})).toMatchObject({ code: '403000' })
  await mocks.behave({ assumptions: { 'chuanglan.sign-case': 'either' } })
  expect(await post(url, '', {})).toMatchObject({ code: '500003' })
  await mocks.behave({ assumptions: {} })
})

it('Yidun wants a number to check', async () => {
  const fields = yidunFields(env, { token: 'x', extra: { token: 'y' } } as never, {
    phone: 'abc',
    businessId: env.YIDUN_CHECK_BUSINESS_ID!,
  })
  expect(await post(`${env.YIDUN_URL}/v1/check`, fields, FORM)).toMatchObject({ code: 405 })
})

it('Umeng has no number for a token that is none', async () => {
  for (const token of ['', 'x', 5 as never]) {
    expect((await umengCall(env, token)).body).toMatchObject({ success: false, message: expect.any(String) })
  }
})

it.each([
  ['VerifyMobile', { AccessCode: 'x', PhoneNumber: '123' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
  ['GetAuthToken', { Url: 'nowhere', Origin: 'https://example.com' }, 'isv.INVALID_PARAMETERS'],
  ['GetAuthToken', { Url: 'https://example.com/', Origin: 'https://example.com', BizType: '2' }, 'isv.INVALID_PARAMETERS'],
  ['GetFusionAuthToken', { Platform: 'Windows', SchemeCode: 'x', DurationSeconds: '900' }, 'isv.INVALID_PARAMETERS'],
  ['GetFusionAuthToken', { Platform: 'Android', SchemeCode: 'x', DurationSeconds: '900' }, 'isv.INVALID_PARAMETERS'],
  ['GetFusionAuthToken', { Platform: 'iOS', SchemeCode: 'x', DurationSeconds: 'long', BundleId: 'b' }, 'isv.INVALID_PARAMETERS'],
  ['CheckSmsVerifyCode', { PhoneNumber: '1', VerifyCode: '1234' }, 'isv.MOBILE_NUMBER_ILLEGAL'],
])('Alibaba answers %s with %j by %s', async (name, params, code) => {
  const { body } = await alibabaCall(env.DYPNS_URL!, env, { name, version: '2017-05-25' }, params)
  expect(body.Code).toBe(code)
})

const SMS = { SignName: 's', TemplateCode: 't', TemplateParam: '{"code":"##code##","min":"5"}' }

async function sendSms(params: Record<string, string>): Promise<Record<string, unknown>> {
  return (await alibabaCall(env.DYPNS_URL!, env, { name: 'SendSmsVerifyCode', version: '2017-05-25' }, { ...SMS, ...params }))
    .body
}

it.each([
  { TemplateParam: 'no JSON' },
  { TemplateParam: '{"code":"1234"}' },
  { TemplateParam: '{"code":5}' },
  { CodeLength: '3' },
  { CodeLength: '9' },
  { CodeType: '8' },
  { DuplicatePolicy: '0' },
  { Interval: '-1' },
  { ValidTime: 'x' },
])('Alibaba sends no text for %j', async change => {
  const { msisdn } = await mocks.fresh('china-mobile')
  expect(await sendSms({ PhoneNumber: msisdn, ...change })).toMatchObject({ Code: 'isv.INVALID_PARAMETERS', Success: false })
  expect(await sendSms({ PhoneNumber: msisdn, CountryCode: '49' })).toMatchObject({ Code: 'isv.MOBILE_NUMBER_ILLEGAL' })
})

it('Alibaba’s text arrives in the inbox, of the length and letters ordered, and a second one waits its interval', async () => {
  const { msisdn } = await mocks.fresh('china-unicom')
  const order = { PhoneNumber: `86${msisdn}`, CodeLength: '8', CodeType: '2', Interval: '30', OutId: 'o' }
  expect(await sendSms(order)).toMatchObject({ Code: 'OK', Success: true, Model: { OutId: 'o' } })
  expect(await sendSms(order)).toMatchObject({ Code: 'isv.BUSINESS_LIMIT_CONTROL' })
  await mocks.control('POST', '/clock', { advanceMs: 30_000 })
  expect(await sendSms(order)).toMatchObject({ Code: 'OK' })
  const { messages } = (await mocks.control<{ messages: ReceivedSms[] }>('POST', '/sms/query', { to: msisdn })).body
  expect(messages).toMatchObject([
    { to: msisdn, template: 't', params: { code: expect.stringMatching(/^[A-Z]{8}$/), min: '5' } },
    { to: msisdn, params: { code: expect.stringMatching(/^[A-Z]{8}$/) } },
  ])
  const [first, second] = messages.map(message => message.params.code!)
  const check = async (VerifyCode: string, more: Record<string, string> = {}) => {
    const action = { name: 'CheckSmsVerifyCode', version: '2017-05-25' }
    const { body } = await alibabaCall(env.DYPNS_URL!, env, action, { PhoneNumber: msisdn, VerifyCode, ...more })
    return (body as { Model: { VerifyResult: string } }).Model.VerifyResult
  }
  expect(await check(first!)).toBe('UNKNOWN')
  expect(await check(second!.toLowerCase(), { CaseAuthPolicy: '2' })).toBe('UNKNOWN')
  expect(await check(second!, { SchemeName: 'another' })).toBe('UNKNOWN')
  expect(await check(second!.toLowerCase())).toBe('PASS')
  expect(await check(second!)).toBe('UNKNOWN')
})
