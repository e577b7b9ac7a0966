import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { mobileLogin, openMobileNumber, postMobileLogin, postNumberCheck, postNumberCheckByRsa } from './backend-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks()
  env = mocks.ready.environment
})
afterAll(() => mocks.close())

describe('loginTokenValidate', () => {
  const login = (token: string, change: Record<string, unknown> = {}) => postMobileLogin(env, mobileLogin(env, token, change))

  it('gives the full number once, as text, and 104201 the second time', async () => {
    const sim = await mocks.fresh('china-mobile')
    const { token } = await mocks.token(sim)
    const first = await login(token)
    expect(first.status).toBe(200)
    expect(first.json).toEqual({
      inresponseto: 'bed1dc7f6cd645b9be9006ae08040c93',
      systemtime: expect.stringMatching(/^\d{17}$/),
      resultCode: '103000',
      msisdn: sim.msisdn,
      taskId: expect.stringMatching(/^\d+$/),
    })
    const second = await login(token)
    expect(second).toMatchObject({ status: 200, json: { resultCode: '104201' } })
    expect(second.json.msisdn).toBeUndefined()
    const rows = await mocks.rows(token)
    expect(rows).toMatchObject([
      { resultCode: '103000', redeemed: true, billed: true, signature: 'ok', tokenKind: 'handset', appId: env.CMCC_APP_ID },
      { resultCode: '104201', redeemed: false, billed: false, signature: 'ok' },
    ])
  })

  it('in RSA mode checks the partner’s signature and encrypts the number for the partner', async () => {
    const sim = await mocks.fresh('china-mobile')
    const { token } = await mocks.token(sim)
    const forged = await login(token, { encryptionalgorithm: 'RSA', sign: 'ab'.repeat(128) })
    expect(forged.json.resultCode).toBe('103101')
    const reply = await login(token, { encryptionalgorithm: 'RSA' })
    expect(reply.json.resultCode).toBe('103000')
    expect(openMobileNumber(env, reply.json.msisdn)).toBe(sim.msisdn)
  })

  it('takes any other encryptionalgorithm for MD5', async () => {
    const { token } = await mocks.token(await mocks.fresh('china-mobile'))
    expect((await login(token, { encryptionalgorithm: 'SM2' })).json.resultCode).toBe('103000')
  })

  it('checks form, app, signature and token in that order', async () => {
    const everything = { appid: '99999999', sign: 'WRONG', msgid: '' }
    expect((await login('', everything)).json.resultCode).toBe('103414')
    expect((await login('', { ...everything, msgid: 'm' })).json.resultCode).toBe('103119')
    expect((await login('', { sign: 'WRONG' })).json.resultCode).toBe('103101')
    expect((await login('')).json.resultCode).toBe('103811')
    expect((await login('STsid-no-such-shape')).json.resultCode).toBe('103113')
    expect((await login(`STsid0000001551151128045${'K'.repeat(32)}`)).json.resultCode).toBe('104201')
  })

  it('takes its signature to the letter: lower-case hex is wrong', async () => {
    const { token } = await mocks.token(await mocks.fresh('china-mobile'))
    const fields = mobileLogin(env, token)
    expect((await postMobileLogin(env, { ...fields, sign: String(fields.sign).toLowerCase() })).json.resultCode).toBe('103101')
    expect((await postMobileLogin(env, fields)).json.resultCode).toBe('103000')
  })

  it('refuses a token of another app, of a number check, and an old one', async () => {
    const sim = await mocks.fresh('china-mobile')
    const foreign = await mocks.token(sim, { appId: mocks.appId('china-mobile', 1) })
    expect((await login(foreign.token)).json.resultCode).toBe('103133')
    const check = await mocks.token(sim, { purpose: 'verify' })
    expect((await login(check.token)).json.resultCode).toBe('105018')
    const old = await mocks.token(sim)
    await mocks.control('POST', '/clock', { advanceMs: old.expiresInMs })
    expect((await login(old.token)).json.resultCode).toBe('104201')
    await mocks.control('POST', '/reset')
  })
})

describe('tokenValidate', () => {
  it('says 000 for the device’s own number and 001 for another; both are billed, and both use the token up', async () => {
    const sim = await mocks.fresh('china-mobile')
    const own = await mocks.token(sim, { purpose: 'verify' })
    const yes = await postNumberCheck(env, own.token, sim.msisdn)
    expect(yes).toMatchObject({ status: 200, json: { header: { resultCode: '000', msgId: 'm-1' }, body: { message: 'hi' } } })
    expect((await postNumberCheck(env, own.token, sim.msisdn)).json.header.resultCode).toBe('606')
    const other = await mocks.token(sim, { purpose: 'verify' })
    expect((await postNumberCheck(env, other.token, '13900000000')).json.header.resultCode).toBe('001')
    expect(await mocks.rows(own.token)).toMatchObject([{ billed: true, redeemed: true }, { billed: false }])
    expect(await mocks.rows(other.token)).toMatchObject([{ billed: true, redeemed: false }])
  })

  it('refuses a login token, a wrong signature, a wrong hash and a wrong form', async () => {
    const sim = await mocks.fresh('china-mobile')
    const login = await mocks.token(sim)
    const code = async (change: { header?: object; body?: object }, token = login.token) =>
      (await postNumberCheck(env, token, sim.msisdn, change)).json.header.resultCode
    expect(await code({})).toBe('606')
    expect(await code({ body: { sign: 'A'.repeat(64) } })).toBe('302')
    expect(await code({ header: { version: '3.0' } })).toBe('102')
    expect(await code({ header: { appId: '1' } })).toBe('102')
    expect(await code({ body: { keyType: '1' } })).toBe('302')
    expect(await code({ body: { openType: 1 } })).toBe('303')
  })

  it('with keyType 1 opens the number with the platform’s key and checks the customer’s signature', async () => {
    const sim = await mocks.fresh('china-mobile')
    const checkToken = async () => (await mocks.token(sim, { purpose: 'verify' })).token
    const own = await checkToken()
    const code = async (token: string, msisdn: string, change: Record<string, string> = {}) =>
      (await postNumberCheckByRsa(env, token, msisdn, 'hex', change)).json.header.resultCode
    expect(await code(own, sim.msisdn, { sign: 'ab'.repeat(128) })).toBe('302')
    expect(await code(own, sim.msisdn, { phoneNum: 'ab'.repeat(128) })).toBe('004')
    expect(await code(own, sim.msisdn, { phoneNum: 'no hex' })).toBe('004')
    expect(await code(own, sim.msisdn)).toBe('000')
    expect(await code(own, sim.msisdn)).toBe('606')
    expect(await code(await checkToken(), '13900000000')).toBe('001')
    expect((await postNumberCheckByRsa(env, await checkToken(), sim.msisdn, 'base64')).json.header.resultCode).toBe('302')
    await mocks.behave({ assumptions: { 'china-mobile.check-rsa-encoding': 'base64' } })
    expect((await postNumberCheckByRsa(env, await checkToken(), sim.msisdn, 'base64')).json.header.resultCode).toBe('000')
    await mocks.behave({ assumptions: {} })
  })
})

describe('what no document settles', () => {
  const login = (token: string, change: Record<string, unknown> = {}) => postMobileLogin(env, mobileLogin(env, token, change))
  const fresh = async () => (await mocks.token(await mocks.fresh('china-mobile'))).token
  const code = async (change: Record<string, unknown> = {}) => (await login(await fresh(), change)).json.resultCode
  afterEach(async () => {
    await mocks.behave({ assumptions: {} })
    await mocks.control('POST', '/reset')
  })

  it('systemtime may have to be near now', async () => {
    await mocks.behave({ assumptions: { 'china-mobile.systemtime': 'within-5-minutes' } })
    const beijing = (ms: number): string => new Date(ms + 8 * 3_600_000).toISOString().replace(/[-:TZ.]/g, '')
    expect(await code()).toBe('103414')
    expect(await code({ systemtime: '99999999999999999' })).toBe('103414')
    expect(await code({ systemtime: beijing(Date.now() - 6 * 60_000) })).toBe('103414')
    expect(await code({ systemtime: beijing(Date.now() - 4 * 60_000) })).toBe('103000')
    expect(await code({ systemtime: beijing(Date.now() + 4 * 60_000) })).toBe('103000')
  })

  it('a msgid may be good for once', async () => {
    await mocks.behave({ assumptions: { 'china-mobile.repeated-msgid': '103505' } })
    expect(await code({ msgid: 'one' })).toBe('103000')
    expect(await code({ msgid: 'one', sign: 'WRONG' })).toBe('103101')
    expect(await code({ msgid: 'one' })).toBe('103505')
    expect(await code({ msgid: 'two' })).toBe('103000')
  })

  it('an app without a contract may have used its thousand calls of the day up', async () => {
    await mocks.behave({ assumptions: { 'china-mobile.quota': '1000-a-day' } })
    // A shaped token of nobody's counts as any other call does.
    const unknown = `STsid0000001551151128045${'K'.repeat(32)}`
    for (let sent = 0; sent < 1000; sent += 100) {
      const replies = await Promise.all(Array.from({ length: 100 }, () => login(unknown)))
      expect(new Set(replies.map(reply => reply.json.resultCode))).toEqual(new Set(['104201']))
    }
    expect(await code()).toBe('105312')
  })
})
