import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReceivedSms } from '../../mocks/sms-inbox.ts'
import { type StartedMocks, startedMocks } from '../unit/mocks/started-mocks.ts'
import type { SdkJob, SdkOutcome } from './alibaba-sdk/caller.ts'

/**
 * The vendor's own SDK talks to the mock: what it signs must hold, what it throws must be what its documents say of the real
 * service.
 */
let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ carriers: ['china-mobile'], providers: ['alibaba-dypns'] })
})
afterAll(() => mocks.close())

const CALLER = fileURLToPath(new URL('./alibaba-sdk/caller.ts', import.meta.url))

type Call = Pick<SdkJob, 'action' | 'request'> & Partial<SdkJob>

function bySdk(...calls: readonly Call[]): Promise<SdkOutcome[]> {
  return inChild('in-turn', calls)
}

function bySdkTogether(...calls: readonly Call[]): Promise<SdkOutcome[]> {
  return inChild('together', calls)
}

async function inChild(how: 'in-turn' | 'together', calls: readonly Call[]): Promise<SdkOutcome[]> {
  const env = mocks.ready.environment
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CALLER, how], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const jobs = calls.map(
    (call): SdkJob => ({
      endpoint: new URL(env.DYPNS_URL!).host,
      accessKeyId: env.ALIBABA_CLOUD_ACCESS_KEY_ID!,
      accessKeySecret: env.ALIBABA_CLOUD_ACCESS_KEY_SECRET!,
      ...call,
    }),
  )
  child.stdin.end(JSON.stringify(jobs))
  return JSON.parse(await text(child.stdout)) as SdkOutcome[]
}

async function phoneWithToken(purpose: 'login' | 'verify'): Promise<{ msisdn: string; token: string }> {
  const sim = await mocks.fresh('china-mobile')
  const { token } = await mocks.token(sim, { provider: 'alibaba-dypns', purpose })
  return { msisdn: sim.msisdn, token }
}

describe.each([
  ['ACS3-HMAC-SHA256', {}],
  ['HMAC-SHA1', { signatureAlgorithm: 'v2' }],
] as const)('signed with %s, the SDK', (_name, signing) => {
  it('gets the number once, and the second time a code without an exception', async () => {
    const { msisdn, token } = await phoneWithToken('login')
    const call = { action: 'GetMobile', request: { accessToken: token, outId: "o 1/*~!'()+é中" }, ...signing }
    const [first, second] = await bySdk(call, call)
    expect(first).toMatchObject({ kind: 'answer', statusCode: 200, body: { code: 'OK', getMobileResultDTO: { mobile: msisdn } } })
    expect(second).toMatchObject({ kind: 'answer', statusCode: 200, body: { code: 'isv.TOKEN_INVALID' } })
    expect(await mocks.rows(token)).toMatchObject([
      { provider: 'alibaba-dypns', carrier: 'china-mobile', operation: 'GetMobile', signature: 'ok', redeemed: true },
      { provider: 'alibaba-dypns', resultCode: 'isv.TOKEN_INVALID', redeemed: false },
    ])
  })

  it('is refused with a wrong secret or an unknown key, and no token is spent', async () => {
    const { msisdn, token } = await phoneWithToken('login')
    const call = { action: 'GetMobile', request: { accessToken: token }, ...signing }
    const outcomes = await bySdk({ ...call, accessKeySecret: 'wrong' }, { ...call, accessKeyId: 'LTAI5tNobody' }, call)
    expect(outcomes).toMatchObject([
      { kind: 'thrown', name: 'ClientError', code: 'SignatureDoesNotMatch', statusCode: 400 },
      { kind: 'thrown', name: 'ClientError', code: 'InvalidAccessKeyId.NotFound', statusCode: 404 },
      { kind: 'answer', body: { code: 'OK', getMobileResultDTO: { mobile: msisdn } } },
    ])
  })

  it('checks a number', async () => {
    const [right, wrong, login] = [await phoneWithToken('verify'), await phoneWithToken('verify'), await phoneWithToken('login')]
    const verify = (accessCode: string, phoneNumber: string) => ({
      action: 'VerifyMobile',
      request: { accessCode, phoneNumber },
      ...signing,
    })
    expect(
      await bySdk(verify(right.token, right.msisdn), verify(wrong.token, right.msisdn), verify(login.token, login.msisdn)),
    ).toMatchObject([
      { body: { code: 'OK', gateVerifyResultDTO: { verifyResult: 'PASS', verifyId: expect.any(String) } } },
      { body: { code: 'OK', gateVerifyResultDTO: { verifyResult: 'REJECT' } } },
      { body: { code: 'isv.TOKEN_UNAUTHORIZED_USED' } },
    ])
  })
})

it('the SDK reads every other envelope of the mock into its own models', async () => {
  const [h5, h5Check, fusion] = [await phoneWithToken('login'), await phoneWithToken('verify'), await phoneWithToken('login')]
  const platform = { platform: 'iOS', schemeCode: 'FC1', durationSeconds: 900, bundleId: 'example.onetap' }
  const outcomes = await bySdk(
    { action: 'GetPhoneWithToken', request: { spToken: h5.token } },
    { action: 'VerifyPhoneWithToken', request: { spToken: h5Check.token, phoneNumber: h5Check.msisdn } },
    { action: 'VerifyWithFusionAuthToken', request: { verifyToken: fusion.token } },
    { action: 'GetAuthToken', request: { url: 'https://example.com/login', origin: 'https://example.com', bizType: 1 } },
    { action: 'GetFusionAuthToken', request: platform },
    { action: 'GetFusionAuthToken', request: { ...platform, durationSeconds: 899 } },
  )
  expect(outcomes.map(one => (one.kind === 'answer' ? one.body : one))).toMatchObject([
    { code: 'OK', data: { mobile: h5.msisdn } },
    { code: 'OK', gateVerify: { verifyResult: 'PASS' } },
    { code: 'OK', success: true, model: { phoneNumber: fusion.msisdn, verifyResult: 'PASS', phoneScore: 0 } },
    { code: 'OK', tokenInfo: { accessToken: expect.any(String), jwtToken: expect.any(String) } },
    { code: 'OK', success: true, model: expect.any(String) },
    { code: 'isv.INVALID_PARAMETERS' },
  ])
})

it('sends a code by SMS and checks it; a wrong one is no error', async () => {
  const { msisdn } = await mocks.fresh('china-mobile')
  const send = {
    action: 'SendSmsVerifyCode',
    request: {
      phoneNumber: msisdn,
      signName: 's',
      templateCode: 'login',
      templateParam: '{"code":"##code##"}',
      returnVerifyCode: true,
    },
  }
  const [sent, again] = await bySdk(send, send)
  const code = (sent as unknown as { body: { model: { verifyCode: string } } }).body.model.verifyCode
  expect(again).toMatchObject({ body: { code: 'isv.BUSINESS_LIMIT_CONTROL', success: false } })
  const { body } = await mocks.control<{ messages: ReceivedSms[] }>('POST', '/sms/query', { to: msisdn })
  expect(body.messages).toMatchObject([{ template: 'login', params: { code } }])
  const check = (verifyCode: string) => ({ action: 'CheckSmsVerifyCode', request: { phoneNumber: msisdn, verifyCode } })
  expect(await bySdk(check('0000x'), check(code), check(code))).toMatchObject([
    { body: { code: 'OK', success: true, model: { verifyResult: 'UNKNOWN' } } },
    { body: { code: 'OK', success: true, model: { verifyResult: 'PASS' } } },
    { body: { code: 'OK', success: true, model: { verifyResult: 'UNKNOWN' } } },
  ])
})

it('the SDK names a throttled call so and reads when to come back', async () => {
  await mocks.behave({ assumptions: { 'alibaba-dypns.rate-limits': 'quota-page' } })
  const calls = Array.from({ length: 200 }, () => ({ action: 'GetPhoneWithToken', request: { spToken: 'none' } }))
  let throttled: SdkOutcome | undefined
  // Fifty a second are allowed, which a busy machine may take some rounds to exceed.
  for (let round = 0; round < 10 && throttled === undefined; round++) {
    throttled = (await bySdkTogether(...calls)).find(one => one.kind === 'thrown')
  }
  await mocks.behave({ assumptions: {} })
  expect(throttled).toMatchObject({
    name: 'ThrottlingError',
    code: 'Throttling.User',
    statusCode: 400,
    retryAfter: expect.any(Number),
  })
})

it('an SDK that gets no answer puts the token into its message', async () => {
  const { token } = await phoneWithToken('login')
  await mocks.behave({ faults: [{ id: 'hang', share: 1, holdMs: 20_000 }] })
  const [outcome] = await bySdk({ action: 'GetMobile', request: { accessToken: token } })
  await mocks.behave({ faults: [] })
  expect(outcome).toMatchObject({ kind: 'thrown', message: expect.stringContaining(token) })
})
