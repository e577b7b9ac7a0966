import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tokenLifetimeMs } from '../../../mocks/token-lifetimes.ts'
import { CARRIER_IDS, type CarrierId } from '../../../src/contract/carriers.ts'
import type { IssuedToken } from '../../../src/contract/journal.ts'
import type { TokenClaims } from '../../../src/contract/token.ts'
import {
  AGGREGATOR_SIDES,
  chuanglanByRsa,
  freshNonce,
  getuiLogin,
  mobTechLogin,
  umengCall,
  yidunFields,
} from './aggregator-side.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks({ providers: AGGREGATOR_SIDES.map(side => side.id) })
  env = mocks.ready.environment
})
afterAll(() => mocks.close())

async function phone(carrier: CarrierId, extra: object): Promise<{ msisdn: string; issued: IssuedToken }> {
  const sim = await mocks.fresh(carrier)
  return { msisdn: sim.msisdn, issued: await mocks.token(sim, extra) }
}

describe.each(AGGREGATOR_SIDES)('$id', side => {
  const provider = side.id as NonNullable<TokenClaims['provider']>

  it.each(CARRIER_IDS)('gives the number of a %s phone once, and books it', async carrier => {
    const { msisdn, issued } = await phone(carrier, { provider })
    expect(issued).toMatchObject({ provider, carrier, appId: mocks.appId(provider) })
    expect((await side.login(env, issued)).result).toBe(msisdn)
    expect((await side.login(env, issued)).result).toBeUndefined()
    expect(await mocks.rows(issued.token)).toMatchObject([
      { provider, carrier, tokenKind: 'handset', appId: expect.any(String), signature: 'ok', redeemed: true, billed: true },
      { provider, carrier, signature: 'ok', redeemed: false, billed: false },
    ])
  })

  it('gives it to one of many that ask at once', async () => {
    const { msisdn, issued } = await phone('china-unicom', { provider })
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => side.login(env, issued)))
    expect(outcomes.map(one => one.result).filter(result => result !== undefined)).toEqual([msisdn])
  })

  it('refuses a wrong secret without spending the token', async () => {
    const { msisdn, issued } = await phone('china-telecom', { provider })
    expect((await side.login(env, issued, true)).result).toBeUndefined()
    expect(await mocks.rows(issued.token)).toMatchObject([{ signature: 'bad', redeemed: false, billed: false }])
    expect((await side.login(env, issued)).result).toBe(msisdn)
  })

  it('refuses a token taken for a stranger’s app, by a carrier, or for a number check', async () => {
    const { issued: strange } = await phone('china-mobile', { provider, appId: mocks.appId(provider, 1) })
    const { issued: direct } = await phone('china-mobile', {})
    const { issued: verify } = await phone('china-mobile', { provider, purpose: 'verify' })
    const { issued: genuine } = await phone('china-mobile', { provider })
    for (const issued of [strange, { ...genuine, token: direct.token }, verify, { ...genuine, token: `${genuine.token}0` }]) {
      expect((await side.login(env, issued)).result).toBeUndefined()
    }
  })

  it('lets a token live exactly as long as the documents say', async () => {
    for (const carrier of CARRIER_IDS) {
      const [first, second] = [await phone(carrier, { provider }), await phone(carrier, { provider })]
      const lifetimeMs = tokenLifetimeMs(undefined, { carrier, provider, purpose: 'login' })
      expect(first.issued.expiresInMs).toBe(lifetimeMs)
      // The tests' own time passes too: two seconds early is alive, and the whole lifetime later is dead for sure.
      await mocks.control('POST', '/clock', { advanceMs: lifetimeMs - 2000 })
      expect((await side.login(env, first.issued)).result).toBe(first.msisdn)
      await mocks.control('POST', '/clock', { advanceMs: 2000 })
      expect((await side.login(env, second.issued)).result).toBeUndefined()
    }
  })

  it('refuses the token of a former holder, and of a number that was ported away', async () => {
    const [reissued, ported] = [await phone('china-mobile', { provider }), await phone('china-mobile', { provider })]
    await mocks.control('POST', '/life', { msisdn: reissued.msisdn, kind: 'reissued' })
    await mocks.control('POST', '/life', { msisdn: ported.msisdn, kind: 'ported', toCarrier: 'china-unicom' })
    expect((await side.login(env, reissued.issued)).result).toBeUndefined()
    expect((await side.login(env, ported.issued)).result).toBeUndefined()
  })

  it('answers its own system error as a business fault, and spends nothing', async () => {
    const { msisdn, issued } = await phone('china-mobile', { provider })
    await mocks.behave({ faults: [{ id: 'error-rate', share: 1, answer: 'business' }] })
    const struck = await side.login(env, issued)
    await mocks.behave({ faults: [] })
    expect(struck).toMatchObject({ status: 200, result: undefined })
    expect((await side.login(env, issued)).result).toBe(msisdn)
  })
})

describe.each(AGGREGATOR_SIDES.filter(side => side.check !== undefined))('number check at $id', side => {
  it('says yes, no, or refuses a login token', async () => {
    const tokens = await Promise.all(
      ['verify', 'verify', 'login'].map(purpose => phone('china-mobile', { provider: side.id, purpose })),
    )
    const [right, wrong, login] = tokens
    expect((await side.check!(env, right!.issued, right!.msisdn)).result).toBe(true)
    expect((await side.check!(env, wrong!.issued, right!.msisdn)).result).toBe(false)
    expect((await side.check!(env, login!.issued, login!.msisdn)).result).toBeUndefined()
    expect((await side.check!(env, right!.issued, right!.msisdn)).result).toBeUndefined()
  })
})

it('Alibaba tells apart a number of another carrier before it spends the token', async () => {
  const { msisdn, issued } = await phone('china-mobile', { provider: 'alibaba-dypns', purpose: 'verify' })
  const other = await mocks.fresh('china-telecom')
  const [alibaba] = AGGREGATOR_SIDES
  expect((await alibaba!.check!(env, issued, other.msisdn)).body).toMatchObject({ Code: 'isv.PARAMETERS_MISMATCH' })
  expect((await alibaba!.check!(env, issued, msisdn)).result).toBe(true)
})

it('Chuanglan gives the number under RSA, and under nothing else when a key is registered', async () => {
  const chuanglan = AGGREGATOR_SIDES.find(side => side.id === 'chuanglan')!
  const first = await phone('china-mobile', { provider: 'chuanglan' })
  await mocks.behave({ assumptions: { 'chuanglan.registered-key': 'rsa-only' } })
  expect((await chuanglan.login(env, first.issued)).body).toMatchObject({ code: '400001', chargeStatus: 0 })
  expect((await chuanglanByRsa(env, first.issued)).result).toBe(first.msisdn)
  await mocks.behave({ assumptions: {} })
})

it('MobTech takes seconds and milliseconds, the right operator, and the two tokens only together', async () => {
  const { msisdn, issued } = await phone('china-unicom', { provider: 'mobtech' })
  const { issued: other } = await phone('china-unicom', { provider: 'mobtech' })
  const status = async (change: Record<string, string>) =>
    ((await mobTechLogin(env, issued, change)).body as { status: number }).status
  expect(await status({ timestamp: String(Date.now() - 6 * 60_000) })).toBe(4119343)
  expect(await status({ operator: 'XXXX' })).toBe(5119501)
  expect(await status({ operator: 'CMCC' })).toBe(4119301)
  expect(await status({ token: other.extra!.token! })).toBe(4119310)
  expect(await status({ appkey: 'nobody' })).toBe(4119330)
  const seconds = String(Math.floor(Date.now() / 1000))
  expect((await mobTechLogin(env, issued, { timestamp: seconds })).result).toBe(msisdn)
})

it('Yidun refuses a nonce that comes again, is not 32 long, or an old time; a dead token is a success without a number', async () => {
  const { issued } = await phone('china-mobile', { provider: 'yidun' })
  const call = async (fields: string) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return (await fetch(`${env.YIDUN_URL}/v1/oneclick/check`, { method: 'POST', headers, body: fields })).json()
  }
  expect(await call(yidunFields(env, issued, { nonce: 'short' }))).toMatchObject({ code: 405 })
  expect(await call(yidunFields(env, issued, { timestamp: '1600000000000' }))).toMatchObject({ code: 420 })
  expect(await call(yidunFields(env, issued, { businessId: env.YIDUN_CHECK_BUSINESS_ID! }))).toMatchObject({ code: 401 })
  const nonce = freshNonce()
  expect(await call(yidunFields(env, issued, { nonce }))).toMatchObject({ code: 200, data: { resultCode: '103000' } })
  expect(await call(yidunFields(env, issued, { nonce }))).toMatchObject({ code: 430 })
  expect(await call(yidunFields(env, issued))).toEqual({ code: 200, msg: 'ok', data: { phone: '', resultCode: '104201' } })
})

it('Getui gives the plain number to v1, and without a sign only when told so', async () => {
  const [first, second] = [await phone('china-mobile', { provider: 'getui' }), await phone('china-mobile', { provider: 'getui' })]
  const old = String(Date.now() - 6 * 60_000)
  expect((await getuiLogin(env, first.issued, 'v1', false, old)).body).toMatchObject({ data: { result: '40026' } })
  const seconds = String(Math.floor(Date.now() / 1000))
  expect((await getuiLogin(env, first.issued, 'v1', false, seconds)).result).toBe(first.msisdn)
  const unsigned = async () => {
    const body = JSON.stringify({ appId: env.GETUI_APP_ID, token: second.issued.token, processId: '1', ...second.issued.extra })
    const headers = { 'content-type': 'application/json' }
    return (await fetch(`${env.GETUI_URL}/v1/gy/ct_login/gy_get_pn`, { method: 'POST', headers, body })).json()
  }
  expect(await unsigned()).toMatchObject({ errno: 0, data: { result: '40026' } })
  await mocks.behave({ assumptions: { 'getui.unsigned-v1': 'accepted' } })
  expect(await unsigned()).toMatchObject({ errno: 0, data: { result: '20000', data: { pn: second.msisdn } } })
  await mocks.behave({ assumptions: {} })
})

it('Umeng’s gateway refuses a changed body, an old time and a nonce that comes again', async () => {
  const { msisdn, issued } = await phone('china-mobile', { provider: 'umeng' })
  const nonce = freshNonce()
  const status = async (change: Parameters<typeof umengCall>[2]) => (await umengCall(env, issued.token, change)).status
  expect(await status({ body: '{"token":"another"}' })).toBe(400)
  expect(await status({ timestamp: String(Date.now() - 16 * 60_000) })).toBe(400)
  expect((await umengCall(env, issued.token, { nonce })).result).toBe(msisdn)
  expect(await status({ nonce })).toBe(400)
})
