import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rpcSignature, rpcStringToSign } from '../../../mocks/wire/alibaba-rpc-sign.ts'
import type { IssuedToken } from '../../../src/contract/journal.ts'
import { alibabaCall, freshNonce } from './aggregator-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['alibaba-dypns', 'alibaba-dytns'] })
  env = mocks.ready.environment
})
afterAll(() => mocks.close())

const ACTION = { name: 'GetMobile', version: '2017-05-25' }

async function freshToken(): Promise<IssuedToken> {
  return mocks.token(await mocks.fresh('china-mobile'), { provider: 'alibaba-dypns' })
}

function call(
  change: Parameters<typeof alibabaCall>[4],
  params: Record<string, string> = { AccessToken: 'none' },
  action = ACTION,
) {
  return alibabaCall(env.DYPNS_URL!, env, action, params, change)
}

function zulu(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z/, 'Z')
}

describe('the gateway before Alibaba’s products', () => {
  it.each<[string, number, Parameters<typeof alibabaCall>[4]]>([
    ['SignatureDoesNotMatch', 400, { secret: 'wrong' }],
    ['SignatureDoesNotMatch', 400, { after: { 'x-acs-action': 'GetPhoneWithToken' } }],
    ['SignatureDoesNotMatch', 400, { headers: { 'x-acs-content-sha256': '0'.repeat(64) } }],
    ['SignatureDoesNotMatch', 400, { after: { 'x-acs-added': 'unsigned' } }],
    ['InvalidTimeStamp.Expired', 400, { headers: { 'x-acs-date': zulu(Date.now() - 15.1 * 60_000) } }],
    ['InvalidTimeStamp.Expired', 400, { headers: { 'x-acs-date': zulu(Date.now() + 15.1 * 60_000) } }],
    ['InvalidTimeStamp.Format', 400, { headers: { 'x-acs-date': 'Tue, 24 Nov 2026 12:00:00 GMT' } }],
    ['InvalidTimeStamp.Format', 400, { headers: { 'x-acs-date': '2026-13-45T99:00:00Z' } }],
    ['MissingTimestamp', 400, { headers: { 'x-acs-date': '' } }],
    ['MissingSignatureNonce', 400, { headers: { 'x-acs-signature-nonce': '' } }],
    ['InvalidApi.NotFound', 404, { headers: { 'x-acs-action': 'GetEverything' } }],
    ['InvalidApi.NotFound', 404, { headers: { 'x-acs-action': 'toString' } }],
    ['InvalidApi.NotFound', 404, { headers: { 'x-acs-version': '2020-02-17' } }],
  ])('answers %s with %i', async (code, status, change) => {
    const answer = await call(change)
    expect(answer).toMatchObject({
      status,
      body: { Code: code, Message: expect.any(String), RequestId: expect.any(String), HostId: expect.any(String) },
    })
  })

  it('takes a time stamp just inside the window', async () => {
    for (const offMs of [-14.5 * 60_000, 14.5 * 60_000]) {
      expect((await call({ headers: { 'x-acs-date': zulu(Date.now() + offMs) } })).body.Code).toBe('isv.TOKEN_INVALID')
    }
  })

  it('takes a nonce once, and does not let a stranger spend it', async () => {
    const { token } = await freshToken()
    const headers = { 'x-acs-signature-nonce': freshNonce() }
    const params = { AccessToken: token }
    expect((await call({ headers, secret: 'stranger' }, params)).body.Code).toBe('SignatureDoesNotMatch')
    expect((await call({ headers }, params)).body.Code).toBe('OK')
    expect((await call({ headers }, params)).body.Code).toBe('SignatureNonceUsed')
  })

  it('names the missing parameter', async () => {
    expect((await call({}, {})).body.Code).toBe('MissingAccessToken')
    const verify = { name: 'VerifyMobile', version: ACTION.version }
    expect((await call({}, { AccessCode: 'x' }, verify)).body.Code).toBe('MissingPhoneNumber')
  })

  it('answers with the status of the other documents when told so', async () => {
    const { token } = await freshToken()
    await mocks.behave({
      assumptions: {
        'alibaba-dypns.isv-status': '400',
        'alibaba-dypns.bad-signature-status': '403',
        'alibaba-dypns.unknown-key-status': '400',
      },
    })
    const wrongKey = { ...env, ALIBABA_CLOUD_ACCESS_KEY_ID: 'nobody' }
    const answers = [
      await call({}, { AccessToken: `${token}0` }),
      await call({ secret: 'wrong' }),
      await alibabaCall(env.DYPNS_URL!, wrongKey, ACTION, { AccessToken: token }),
    ]
    await mocks.behave({ assumptions: {} })
    expect(answers.map(({ status, body }) => [status, body.Code])).toEqual([
      [400, 'isv.TOKEN_INVALID'],
      [403, 'SignatureDoesNotMatch'],
      [400, 'InvalidAccessKeyId.NotFound'],
    ])
  })
})

describe('the older RPC signature', () => {
  async function rpc(method: 'GET' | 'POST', change: Record<string, string>, spoil = (signature: string) => signature) {
    const params: Record<string, string> = {
      Action: 'GetMobile',
      Version: ACTION.version,
      Format: 'json',
      AccessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID!,
      SignatureMethod: 'HMAC-SHA1',
      SignatureVersion: '1.0',
      SignatureNonce: freshNonce(),
      Timestamp: zulu(Date.now()),
      ...change,
    }
    const signature = rpcSignature(rpcStringToSign(method, params), env.ALIBABA_CLOUD_ACCESS_KEY_SECRET!)
    const all = new URLSearchParams({ ...params, Signature: spoil(signature) }).toString()
    const form = { method, body: all, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
    const response = await (method === 'GET' ? fetch(`${env.DYPNS_URL}/?${all}`) : fetch(`${env.DYPNS_URL}/`, form))
    return (await response.json()) as Record<string, unknown>
  }

  it.each(['GET', 'POST'] as const)('holds in the query and in a form: %s', async method => {
    const { token } = await freshToken()
    expect(await rpc(method, { AccessToken: token })).toMatchObject({
      Code: 'OK',
      GetMobileResultDTO: { Mobile: expect.any(String) },
    })
  })

  it('is refused when wrong, absent, of an unknown kind, or sent twice', async () => {
    const params = { AccessToken: 'x' }
    expect(await rpc('POST', params, signature => `${signature}x`)).toMatchObject({ Code: 'SignatureDoesNotMatch' })
    expect(await rpc('POST', params, () => '')).toMatchObject({ Code: 'MissingSignature' })
    expect(await rpc('POST', { ...params, SignatureMethod: 'HMAC-MD5' })).toMatchObject({ Code: 'InvalidSignatureMethod' })
    expect(await rpc('POST', { ...params, AccessKeyId: '' })).toMatchObject({ Code: 'MissingAccessKeyId' })
    const SignatureNonce = freshNonce()
    expect(await rpc('POST', { ...params, SignatureNonce })).toMatchObject({ Code: 'isv.TOKEN_INVALID' })
    expect(await rpc('POST', { ...params, SignatureNonce })).toMatchObject({ Code: 'SignatureNonceUsed' })
  })

  it('a parameter with two values is nobody’s', async () => {
    const response = await fetch(`${env.DYPNS_URL}/?Action=GetMobile&Action=VerifyMobile`, { method: 'POST' })
    expect(await response.json()).toMatchObject({ Code: 'InvalidParameter' })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const both = await fetch(`${env.DYPNS_URL}/?Action=GetMobile`, { method: 'POST', headers, body: 'Action=VerifyMobile' })
    expect(await both.json()).toMatchObject({ Code: 'InvalidParameter' })
  })
})

describe('number attributes', () => {
  const VERSION = '2020-02-17'
  const ask = async (name: string, params: Record<string, string>) =>
    (await alibabaCall(env.DYTNS_URL!, env, { name, version: VERSION }, params)).body
  const about = (msisdn: string) => ({ AuthCode: env.DYTNS_AUTH_CODE!, InputNumber: msisdn, Mask: 'NORMAL' })
  const beijing = (epochMs: number) => new Date(epochMs + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')
  const happen = (msisdn: string, kind: string, more: object = {}) => mocks.control('POST', '/life', { msisdn, kind, ...more })
  const hour = 3_600_000

  it('say reissued of a registration before the re-issue, and the older action says it of a time after', async () => {
    const { msisdn } = await mocks.fresh('china-mobile')
    const [before, after] = [beijing(Date.now() - hour), beijing(Date.now() + hour)]
    const verify = async (StartTime: string) => ask('DescribePhoneTwiceTelVerify', { ...about(msisdn), StartTime })
    const resale = async (Since: string) => ask('DescribePhoneNumberResale', { PhoneNumber: msisdn, Since })
    expect(await verify(before)).toMatchObject({ Code: 'OK', Data: { Carrier: 'CMCC', VerifyResult: '2' } })
    expect(await resale(before)).toMatchObject({ Code: 'OK', TwiceTelVerify: { Carrier: 'CMCC', VerifyResult: 2 } })
    await happen(msisdn, 'reissued')
    expect([(await verify(before)).Data, (await verify(after)).Data]).toMatchObject([
      { VerifyResult: '1' },
      { VerifyResult: '2' },
    ])
    expect([(await resale(before)).TwiceTelVerify, (await resale(after)).TwiceTelVerify]).toMatchObject([
      { VerifyResult: 2 },
      { VerifyResult: 1 },
    ])
  })

  it('say not reissued after a new SIM card or porting, and name the carrier that serves now', async () => {
    const { msisdn } = await mocks.fresh('china-unicom')
    const StartTime = beijing(Date.now() - hour)
    await happen(msisdn, 'sim-replaced')
    await happen(msisdn, 'ported', { toCarrier: 'china-telecom' })
    const params = { ...about(msisdn), StartTime }
    expect(await ask('QueryPhoneTwiceTelVerify', params)).toMatchObject({ Data: { CarrierCode: 'CTCC', VerifyResult: '2' } })
    expect(await ask('DescribePhoneNumberOperatorAttribute', about(msisdn))).toMatchObject({
      Data: { BasicCarrier: 'CUCC', Carrier: 'CTCC', IsNumberPortability: true },
    })
    await mocks.behave({ assumptions: { 'alibaba-dytns.ported-number': 'not-supported' } })
    expect(await ask('DescribePhoneTwiceTelVerify', params)).toMatchObject({ Code: 'PortabilityNumberNotSupported' })
    await mocks.behave({ assumptions: {} })
  })

  it('tell cancelled and transferred apart, and the status of a number', async () => {
    const [cancelled, transferred] = [await mocks.fresh('china-mobile'), await mocks.fresh('china-mobile')]
    const StartTime = beijing(Date.now() - hour)
    await happen(cancelled.msisdn, 'deactivated')
    await happen(transferred.msisdn, 'transferred')
    const verify = (msisdn: string) => ask('DescribePhoneTwiceTelVerify', { ...about(msisdn), StartTime })
    expect(await verify(cancelled.msisdn)).toMatchObject({ Data: { VerifyResult: '3' } })
    expect(await verify(transferred.msisdn)).toMatchObject({ Data: { VerifyResult: '4' } })
    expect(await ask('PhoneNumberStatusForReal', about(cancelled.msisdn))).toMatchObject({ Data: { Status: 'SHUTDOWN' } })
    expect(await ask('PhoneNumberStatusForAccount', about(transferred.msisdn))).toMatchObject({ Data: { Status: 'NORMAL' } })
    expect(await ask('DescribePhoneNumberOnlineTime', about(transferred.msisdn))).toMatchObject({ Data: { VerifyResult: '1' } })
    const { msisdn } = await mocks.fresh('china-mobile')
    expect(await ask('QueryPhoneNumberOnlineTime', about(msisdn))).toMatchObject({ Data: { VerifyResult: '5' } })
  })

  it.each([
    ['isv.MOBILE_NUMBER_ILLEGAL', { InputNumber: '123' }],
    ['RequestNumberNotSupported', { InputNumber: '19200001234' }],
    ['RequestNumberNotSupported', { Mask: 'MD5' }],
    ['isv.INVALID_PARAMETERS', { AuthCode: 'wrong' }],
    ['isv.INVALID_PARAMETERS', { StartTime: 'yesterday' }],
    ['isv.INVALID_PARAMETERS', { StartTime: '2026-02-30 99:00:00' }],
    ['isv.INVALID_PARAMETERS', { StartTime: '1969-12-31 00:00:00' }],
    ['MissingStartTime', { StartTime: '' }],
  ])('refuse with %s: %j', async (code, change) => {
    const { msisdn } = await mocks.fresh('china-mobile')
    const params = { ...about(msisdn), StartTime: '2020-01-01 00:00:00', ...change }
    expect(await ask('DescribePhoneTwiceTelVerify', params)).toMatchObject({ Code: code })
  })

  it('cannot tell of a number that nobody ever had', async () => {
    const params = { ...about('13899999999'), StartTime: '2020-01-01 00:00:00' }
    expect(await ask('DescribePhoneTwiceTelVerify', params)).toMatchObject({ Code: 'OK', Data: { VerifyResult: '0' } })
  })

  it('are throttled by the product when told so', async () => {
    await mocks.behave({ assumptions: { 'alibaba-dytns.rate-limit': '100-per-second' } })
    const { msisdn } = await mocks.fresh('china-mobile')
    const codes = new Set<unknown>()
    for (let round = 0; round < 10 && codes.size < 2; round++) {
      const answers = await Promise.all(Array.from({ length: 220 }, () => ask('PhoneNumberStatusForSms', about(msisdn))))
      for (const { Code } of answers) codes.add(Code)
    }
    await mocks.behave({ assumptions: {} })
    expect(codes).toEqual(new Set(['OK', 'RequestFrequencyLimit']))
  })
})
