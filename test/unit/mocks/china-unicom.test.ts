import { afterAll, beforeAll, expect, it } from 'vitest'
import { openUnicom, postUnicom, unicomFields } from './backend-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks({ carriers: ['china-unicom'] })
  env = mocks.ready.environment
})
afterAll(() => mocks.close())

it('gives the number once inside the AES envelope, whose key the platform’s public key opens', async () => {
  const sim = await mocks.fresh('china-unicom')
  const { token } = await mocks.token(sim)
  const first = await postUnicom(env, unicomFields(env, token))
  expect(first).toMatchObject({ status: 200, json: { code: 0, obj: { data: expect.any(String) } } })
  expect(first.text).not.toContain(sim.msisdn)
  expect(openUnicom(env, first.json.obj)).toEqual({ mobile: sim.msisdn })
  const second = await postUnicom(env, unicomFields(env, token))
  expect(second).toMatchObject({ status: 200, json: { code: 104201, obj: null } })
  expect(await mocks.rows(token)).toMatchObject([
    { resultCode: '0', redeemed: true, billed: true, operation: 'qhbt' },
    { resultCode: '104201', redeemed: false, billed: false },
  ])
})

it('checks form, app, signature, envelope and token in that order', async () => {
  const { token } = await mocks.token(await mocks.fresh('china-unicom'))
  const code = async (change: Record<string, string>) => (await postUnicom(env, unicomFields(env, token, change))).json.code
  expect(await code({ apiKey: 'nobody', sign: '' })).toBe(1001)
  expect(await code({ apiKey: 'nobody', sign: 'wrong' })).toBe(1003)
  expect(await code({ params: 'garbage', sign: 'wrong' })).toBe(1002)
  expect(await code({ params: 'garbage' })).toBe(1001)
  expect(await code({ paramsKey: 'garbage' })).toBe(1001)
  expect(await code({ paramsKey: Buffer.alloc(128, 7).toString('base64') })).toBe(1001)
  expect(await code({})).toBe(0)
})

it('refuses a foreign package, a token that is no text, and tokens of another app or purpose', async () => {
  const sim = await mocks.fresh('china-unicom')
  const { token } = await mocks.token(sim)
  const foreign = await postUnicom(env, unicomFields({ ...env, CUCC_PACKAGE: 'another.app' }, token))
  expect(foreign.json.code).toBe(1001)
  for (const wrong of ['', 7, null, [token], { token }]) {
    expect((await postUnicom(env, unicomFields(env, wrong))).json.code).toBe(1001)
  }
  for (const extra of [{ appId: mocks.appId('china-unicom', 1) }, { purpose: 'verify' }]) {
    const other = await mocks.token(sim, extra)
    expect((await postUnicom(env, unicomFields(env, other.token))).json.code).toBe(104201)
  }
})

it('says whether a number is the device’s own, in the envelope of the exchange', async () => {
  const sim = await mocks.fresh('china-unicom')
  const check = async (mobile: unknown, extra: object = { purpose: 'verify' }) => {
    const { token } = await mocks.token(sim, extra)
    return { token, reply: await postUnicom(env, unicomFields(env, token, {}, { mobile }), 'qhbv') }
  }
  const own = await check(sim.msisdn)
  expect(own.reply.json.code).toBe(0)
  expect(openUnicom(env, own.reply.json.obj)).toEqual({ result: '1' })
  expect(await mocks.rows(own.token)).toMatchObject([{ operation: 'qhbv', redeemed: true, billed: true }])
  const another = await check('13900000000')
  expect(openUnicom(env, another.reply.json.obj)).toEqual({ result: '0' })
  expect(await mocks.rows(another.token)).toMatchObject([{ redeemed: false, billed: true }])
  for (const wrong of ['', 'x', 7, undefined]) expect((await check(wrong)).reply.json.code).toBe(1001)
  expect((await check(sim.msisdn, {})).reply.json.code).toBe(104201)
  const signedForExchange = unicomFields(env, own.token)
  expect((await postUnicom(env, signedForExchange, 'qhbv')).json.code).toBe(1002)
})
