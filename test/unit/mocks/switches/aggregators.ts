import { chuanglanSign } from '../../../../mocks/wire/chuanglan.ts'
import type { IssuedToken } from '../../../../src/contract/journal.ts'
import { AGGREGATOR_SIDES, type AggregatorSide, getuiLogin, mobTechLogin, umengCall, yidunFields } from '../aggregator-side.ts'
import { post } from '../backend-side.ts'
import type { ProbeDesk, Probes } from './probe.ts'

type Json = Record<string, unknown>

const sideOf = (id: string): AggregatorSide => AGGREGATOR_SIDES.find(side => side.id === id)!
const CARRIER = 'china-mobile'
const MINUTES_MS = 60_000

const spoiledStatus = (id: string) => async (desk: ProbeDesk) =>
  (await sideOf(id).login(desk.env, await desk.fresh(CARRIER, { provider: id }), true)).status

/** A token whose redeemer has never heard of it: of the right shape, of nobody. */
const nobodys = (issued: IssuedToken): IssuedToken => ({ ...issued, token: `${issued.token.slice(0, -4)}0000` })

const bodyOf = async (id: string, { env, fresh }: ProbeDesk, extra: object = {}, spoil = (one: IssuedToken) => one) =>
  (await sideOf(id).login(env, spoil(await fresh(CARRIER, { provider: id, ...extra })))).body as Json

const foreignApp = ({ mocks }: ProbeDesk, id: string) => ({
  appId: mocks.ready.providers.find(one => one.provider === id)!.appIds[1],
})

export const jiguang: Probes = {
  'dead-login-token': async desk => (await bodyOf('jiguang', desk, {}, nobodys)).code,
  'wrong-secret': async desk => {
    const { env, fresh } = desk
    return ((await sideOf('jiguang').login(env, await fresh(CARRIER, { provider: 'jiguang' }), true)).body as Json).code
  },
  'http-status': spoiledStatus('jiguang'),
  'foreign-token': async desk => (await bodyOf('jiguang', desk, foreignApp(desk, 'jiguang'))).code,
  pace: async ({ env, mocks, fresh }) => {
    const first = await fresh(CARRIER, { provider: 'jiguang', purpose: 'verify' })
    const second = await mocks.token(first.sim, { provider: 'jiguang', purpose: 'verify' })
    const check = async (issued: IssuedToken) =>
      ((await sideOf('jiguang').check!(env, issued, first.sim.msisdn)).body as Json).code
    return [await check(first), await check(second)]
  },
}

const chuanglanQuery = async ({ env }: ProbeDesk, fields: Record<string, string>, spell = (sign: string) => sign) => {
  const signed = { appId: env.CHUANGLAN_APP_ID!, ...fields }
  const form = new URLSearchParams({ ...signed, sign: spell(chuanglanSign(signed, env.CHUANGLAN_APP_KEY!)) })
  const type = 'application/x-www-form-urlencoded'
  return (await post(`${env.CHUANGLAN_URL}/open/flashsdk/mobile-query`, form.toString(), type)).json.code
}

export const chuanglan: Probes = {
  'registered-key': async desk => chuanglanQuery(desk, { token: (await desk.fresh(CARRIER, { provider: 'chuanglan' })).token }),
  'sign-case': desk => chuanglanQuery(desk, { token: 'x' }, sign => sign.toUpperCase()),
  'dead-token': desk => chuanglanQuery(desk, { token: 'x' }),
  'bad-sign': desk => chuanglanQuery(desk, { token: 'x' }, () => 'wrong'),
  'unknown-app': desk => chuanglanQuery(desk, { token: 'x', appId: 'nobody' }),
  'http-status': spoiledStatus('chuanglan'),
}

const mobtechStatus = async (desk: ProbeDesk, change: Record<string, string> = {}, spoil = (one: IssuedToken) => one) => {
  const issued = spoil(await desk.fresh(CARRIER, { provider: 'mobtech' }))
  return ((await mobTechLogin(desk.env, issued, change)).body as Json).status
}
const ago = (minutes: number): string => String(Date.now() - minutes * MINUTES_MS)

export const mobtech: Probes = {
  'dead-token': desk => mobtechStatus(desk, {}, nobodys),
  'time-window': async desk => [
    await mobtechStatus(desk, { timestamp: ago(10) }),
    await mobtechStatus(desk, { timestamp: ago(20) }),
  ],
  'token-pair': desk => mobtechStatus(desk, { token: 'another' }),
  'appkey-header': desk => mobtechStatus(desk),
  'http-status': spoiledStatus('mobtech'),
}

const yidunCode = async (
  { env, fresh }: ProbeDesk,
  path: 'oneclick/check' | 'check',
  change: Record<string, string> = {},
  spoil = (one: IssuedToken) => one,
  secret?: string,
): Promise<Json> => {
  const purpose = path === 'check' ? 'verify' : 'login'
  const issued = spoil(await fresh(CARRIER, { provider: 'yidun', purpose }))
  const check = path === 'check' ? { phone: '13900000000', businessId: env.YIDUN_CHECK_BUSINESS_ID! } : {}
  const fields = yidunFields(env, issued, { ...check, ...change }, secret)
  return (await post(`${env.YIDUN_URL}/v1/${path}`, fields, 'application/x-www-form-urlencoded')).json as unknown as Json
}
const phoneOf = (body: Json): boolean => (body.data as { phone: string }).phone !== ''

export const yidun: Probes = {
  'token-pair': async desk => phoneOf(await yidunCode(desk, 'oneclick/check', { token: 'another' })),
  'bad-signature': async desk => (await yidunCode(desk, 'oneclick/check', {}, undefined, 'wrong')).code,
  'http-status': spoiledStatus('yidun'),
  'time-window': async desk => [
    (await yidunCode(desk, 'oneclick/check', { timestamp: ago(10) })).code,
    (await yidunCode(desk, 'oneclick/check', { timestamp: ago(20) })).code,
  ],
  'repeated-nonce': async desk => {
    const nonce = 'n'.repeat(32)
    await yidunCode(desk, 'oneclick/check', { nonce })
    return (await yidunCode(desk, 'oneclick/check', { nonce })).code
  },
  'dead-check-token': async desk => ((await yidunCode(desk, 'check', {}, nobodys)).data as Json).result,
}

const getui = async (
  desk: ProbeDesk,
  version: 'v1' | 'v2' = 'v2',
  spoil = (one: IssuedToken) => one,
  spoiled = false,
  stamp?: string,
): Promise<Json> => {
  const issued = spoil(await desk.fresh(CARRIER, { provider: 'getui' }))
  return (await getuiLogin(desk.env, issued, version, spoiled, stamp)).body as Json
}
const resultOf = (body: Json): unknown => (body.data as Json).result

export const getuiProbes: Probes = {
  errno: async desk => (await getui(desk, 'v2', nobodys)).errno,
  'http-status': spoiledStatus('getui'),
  'bad-sign': async desk => resultOf(await getui(desk, 'v2', undefined, true)),
  'expired-token': async desk => {
    const issued = await desk.fresh(CARRIER, { provider: 'getui' })
    await desk.ahead(issued.expiresInMs)
    return resultOf((await getuiLogin(desk.env, issued, 'v2')).body as Json)
  },
  'dead-token': async desk => resultOf(await getui(desk, 'v2', nobodys)),
  'unsigned-v1': async ({ env, fresh }) => {
    const issued = await fresh(CARRIER, { provider: 'getui' })
    const body = JSON.stringify({ appId: env.GETUI_APP_ID, token: issued.token, ...issued.extra })
    const { json } = await post(`${env.GETUI_URL}/v1/gy/ct_login/gy_get_pn`, body, 'application/json')
    return resultOf(json as unknown as Json)
  },
  'time-window': async desk => [
    resultOf(await getui(desk, 'v2', undefined, false, ago(10))),
    resultOf(await getui(desk, 'v2', undefined, false, ago(20))),
  ],
  gyuid: async desk => [
    resultOf(await getui(desk, 'v2', issued => ({ ...issued, extra: { gyuid: 'another' } }))),
    resultOf(await getui(desk, 'v2', issued => ({ ...issued, extra: { gyuid: '' } }))),
  ],
}

export const umeng: Probes = {
  nonce: async ({ env, fresh }) => {
    const call = async (nonce: string) =>
      (await umengCall(env, (await fresh(CARRIER, { provider: 'umeng' })).token, { nonce })).status
    return [await call(''), await call(String(Math.random()))]
  },
  'gateway-status': spoiledStatus('umeng'),
  'http-status': async ({ env }) => (await umengCall(env, 'nobody’s')).status,
}
