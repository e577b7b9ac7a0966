import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Memories } from '../../../mocks/memory.ts'
import { DailyQuota } from '../../../mocks/wire/daily-quota.ts'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import { PROVIDER_IDS } from '../../../src/contract/providers.ts'
import { AGGREGATOR_SIDES, alibabaCall } from './aggregator-side.ts'
import { mobileLogin, postMobileLogin } from './backend-side.ts'
import { consumer, PURPOSE } from './camara-consumer.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

interface State {
  behaviour: { assumptions?: object; lifetimes?: object[]; faults: object[] }
  memories: Record<string, unknown>
  notices: { count: number }
}

let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks({ providers: PROVIDER_IDS })
  env = mocks.ready.environment
})
afterAll(() => mocks.close())

const taken = async (from = mocks) => (await from.control<{ snapshot: string }>('GET', '/snapshot')).body.snapshot
const restore = (snapshot: string, into = mocks) => into.control('POST', '/restore', { snapshot })
const opened = (snapshot: string): State =>
  JSON.parse(gunzipSync(Buffer.from(snapshot.split('.')[0]!, 'base64url')).toString()) as State

const SWITCHES = {
  'china-mobile.repeated-msgid': '103107',
  'china-mobile.quota': '1000-a-day',
  'jiguang.pace': 'as-documented',
  'sms-gateway.per-number-limit': '5-per-hour',
  'camara.backchannel-approval': 'never',
  'camara.sink': 'https-or-local-http',
}

const DYPNS = '2017-05-25'
const SMS = { SignName: 's', TemplateCode: 't', TemplateParam: '{"code":"##code##"}', ReturnVerifyCode: 'true' }

async function text(to: string, clientRef: string): Promise<number> {
  const headers = { authorization: `Bearer ${env.SMS_API_KEY}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ to, template: 'login-code', params: { code: '1' }, clientRef })
  return (await fetch(`${env.SMS_URL}/v1/messages`, { method: 'POST', headers, body })).status
}

/** Uses every provider so that each of its memories holds something. */
async function useEverything(): Promise<void> {
  await mocks.behave({ assumptions: SWITCHES })
  for (const { url } of mocks.ready.providers) await fetch(`${url}/nowhere`)
  const sim = await mocks.fresh('china-mobile')
  await postMobileLogin(env, mobileLogin(env, (await mocks.token(sim)).token, { msgid: 'kept' }))
  const phone = JSON.stringify({ imsi: sim.imsi, wifi: true })
  await fetch(`${mocks.url('china-mobile')}/handset/v1/connection`, { method: 'POST', body: phone })
  for (const side of AGGREGATOR_SIDES) {
    await side.login(env, await mocks.token(sim, { provider: side.id }))
    await side.check?.(env, await mocks.token(sim, { provider: side.id, purpose: 'verify' }), sim.msisdn)
  }
  const action = { name: 'SendSmsVerifyCode', version: DYPNS }
  await alibabaCall(env.DYPNS_URL!, env, action, { ...SMS, PhoneNumber: sim.msisdn })
  await alibabaCall(
    env.DYTNS_URL!,
    env,
    { name: 'PhoneNumberStatusForReal', version: '2020-02-17' },
    {
      AuthCode: env.DYTNS_AUTH_CODE!,
      Mask: 'NORMAL',
      InputNumber: sim.msisdn,
    },
  )
  await text(sim.msisdn, 'kept')
  for (const provider of ['weibo', 'qq', 'wechat', 'netease']) {
    await mocks.control('POST', '/third-party/credentials', { provider, user: 1, app: 'target' })
  }
  for (const operator of ['', ...CARRIER_IDS.map(carrier => `/${carrier}`)]) await consumer(mocks, operator).twoLegged('sim-swap')
  await useCamara(sim.imsi, `+86${sim.msisdn}`)
}

async function useCamara(imsi: string, phoneNumber: string): Promise<void> {
  const side = consumer(mocks)
  await side.authorize(imsi, 'sim-swap')
  await side.form('/bc-authorize', { ...side.clientAssertion(), scope: `${PURPOSE} sim-swap`, login_hint: `tel:${phoneNumber}` })
  const scope = 'sim-swap-subscriptions:org.camaraproject.sim-swap-subscriptions.v0.swapped:create'
  const token = await side.twoLegged(scope, 'one-time-password-sms:send-validate')
  await side.api('POST', '/one-time-password-sms/v1/send-code', token, { phoneNumber, message: '{{code}}' })
  const order = {
    protocol: 'HTTP',
    sink: 'https://127.0.0.1:9/sink',
    types: ['org.camaraproject.sim-swap-subscriptions.v0.swapped'],
    config: { subscriptionDetail: { phoneNumber } },
  }
  await side.api('POST', '/sim-swap-subscriptions/v0.3/subscriptions', token, order)
}

it('a snapshot holds what every part remembers, and other mocks that take it in hold the same', async () => {
  await mocks.control('POST', '/reset')
  const empty = opened(await taken())
  await useEverything()
  const full = opened(await taken())
  const untouched = Object.keys(full.memories).filter(
    name => JSON.stringify(full.memories[name]) === JSON.stringify(empty.memories[name]),
  )
  expect(untouched).toEqual([])
  const twin = await startedMocks({ providers: PROVIDER_IDS })
  try {
    expect((await restore(await taken(), twin)).status).toBe(200)
    expect(opened(await taken(twin))).toEqual(opened(await taken()))
  } finally {
    await twin.close()
  }
})

it('what was used up before a snapshot is used up after it, and what came after it never was', async () => {
  await mocks.control('POST', '/reset')
  await mocks.behave({ assumptions: SWITCHES })
  const sim = await mocks.fresh('china-mobile')
  await text(sim.msisdn, 'before')
  const snapshot = await taken()
  await text(sim.msisdn, 'after')
  await mocks.behave({ assumptions: {}, lifetimes: [{ lifetimeMs: 1 }] })
  expect((await restore(snapshot)).status).toBe(200)
  const { body } = await mocks.control<{ messages: object[] }>('POST', '/sms/query', { to: sim.msisdn })
  expect(body.messages).toHaveLength(1)
  expect(await text(sim.msisdn, 'before')).toBe(202)
  expect((await mocks.control<{ messages: object[] }>('POST', '/sms/query', { to: sim.msisdn })).body.messages).toHaveLength(1)
  const { behaviour } = opened(await taken())
  expect(behaviour.assumptions).toEqual(SWITCHES)
  expect(behaviour.lifetimes).toBeUndefined()
})

it('a reset empties what every part remembers', async () => {
  await mocks.control('POST', '/reset')
  const empty = opened(await taken())
  await useEverything()
  await mocks.control('POST', '/reset')
  const after = opened(await taken())
  // Counters of what was given out go on, so that nothing is ever given out twice.
  const counted = (one: State) =>
    JSON.stringify(one.memories, (name, value: unknown) => (name === 'serial' || name === 'drawn' ? 0 : value))
  expect(counted(after)).toBe(counted(empty))
})

it('two memories cannot hide behind one name', () => {
  const memories = new Memories()
  memories.keep('quota', new DailyQuota())
  expect(() => memories.keep('quota', new DailyQuota())).toThrow('two memories')
})

it('a quota begins anew with the day of Beijing', () => {
  const quota = new DailyQuota()
  const lastHour = Date.UTC(2026, 0, 1, 15, 30)
  expect([quota.takes('a', 1, lastHour), quota.takes('a', 1, lastHour), quota.takes('b', 1, lastHour)]).toEqual([
    true,
    false,
    true,
  ])
  expect(quota.takes('a', 1, lastHour + 3_600_000)).toBe(true)
})
