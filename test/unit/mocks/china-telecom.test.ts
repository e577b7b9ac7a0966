import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTelecom, post, postTelecom, telecomFields } from './backend-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks({ carriers: ['china-telecom'] })
  env = mocks.ready.environment
})
afterAll(() => mocks.close())

const issued = async (extra: object = {}) => {
  const sim = await mocks.fresh('china-telecom')
  const { token, authCode = '' } = await mocks.token(sim, extra)
  return { sim, token, codes: { accessCode: token, authCode } }
}

it('gives the number once, encrypted for the partner', async () => {
  const { sim, token, codes } = await issued()
  const first = await postTelecom(env, telecomFields(env, codes))
  expect(first).toMatchObject({ status: 200, json: { result: '0' } })
  expect(openTelecom(env, first.json.data)).toEqual({ mobile: sim.msisdn, state: '' })
  expect((await postTelecom(env, telecomFields(env, codes))).json).toMatchObject({ result: '51114', data: '' })
  expect(await mocks.rows(token)).toMatchObject([
    { resultCode: '0', redeemed: true, billed: true },
    { resultCode: '51114', redeemed: false, billed: false },
  ])
})

it('takes the codes in either order, and the request by GET as well', async () => {
  const { sim, codes } = await issued()
  const query = new URLSearchParams(telecomFields(env, { authCode: codes.authCode, accessCode: codes.accessCode }))
  const reply = (await (await fetch(`${env.CTCC_URL}/auth/sdkcodeinfo.do?${query}`)).json()) as { data: string }
  expect(openTelecom(env, reply.data)).toMatchObject({ mobile: sim.msisdn })
})

it('checks form, app, time, signature, parameters and token in that order', async () => {
  const { codes } = await issued()
  const result = async (change: Record<string, string>, sent: Record<string, string> = codes) =>
    (await postTelecom(env, telecomFields(env, sent, change))).json.result
  const late = String(Date.now() - 6 * 60_000)
  expect(await result({ format: 'xml', appId: '1', timeStamp: late, sign: 'AB' })).toBe('51002')
  expect(await result({ appId: '1', timeStamp: late, sign: 'AB' })).toBe('-20006')
  expect(await result({ timeStamp: late, sign: 'AB' })).toBe('-30001')
  expect(await result({ params: '00', sign: 'AB' })).toBe('-20005')
  expect(await result({ params: '0011223344556677' })).toBe('-20102')
  expect(await result({ params: 'no hex' })).toBe('-20102')
  expect(await result({}, { accessCode: codes.accessCode })).toBe('51002')
  expect(await result({}, { authCode: codes.authCode })).toBe('51002')
  expect(await result({}, { ...codes, accessCode: `nm${'0'.repeat(32)}` })).toBe('51114')
  expect(await result({})).toBe('0')
})

it('wants the authCode that came with this very token, and a wrong one spends nothing', async () => {
  const [mine, other] = [await issued(), await issued()]
  const crossed = { accessCode: mine.codes.accessCode, authCode: other.codes.authCode }
  expect((await postTelecom(env, telecomFields(env, crossed))).json.result).toBe('51114')
  expect((await postTelecom(env, telecomFields(env, mine.codes))).json.result).toBe('0')
})

it('tells a token of another app and of another business apart', async () => {
  const foreign = await issued({ appId: mocks.appId('china-telecom', 1) })
  expect((await postTelecom(env, telecomFields(env, foreign.codes))).json.result).toBe('51207')
  const check = await issued({ purpose: 'verify' })
  expect((await postTelecom(env, telecomFields(env, check.codes))).json.result).toBe('51208')
})

it('measures a time stamp by the machine’s clock even when tokens age faster', async () => {
  const { codes } = await issued()
  await mocks.control('POST', '/clock', { advanceMs: 9 * 60_000 })
  expect((await postTelecom(env, telecomFields(env, codes))).json.result).toBe('0')
  await mocks.control('POST', '/reset')
})

it('serves pages without an authCode, with the accessCode beside the parameters', async () => {
  const { sim, token } = await issued()
  const page = async (fields: Record<string, string>) =>
    post(`${env.CTCC_URL}/auth/h5codeinfo.do`, new URLSearchParams(fields).toString(), 'application/x-www-form-urlencoded')
  const fields = telecomFields(env, { accessCode: token })
  expect((await page({ ...fields, accessCode: `nm${'0'.repeat(32)}` })).json.result).toBe('-20102')
  const reply = await page({ ...fields, accessCode: token })
  expect(openTelecom(env, reply.json.data)).toMatchObject({ mobile: sim.msisdn })
})
