import { alibabaCall, freshNonce } from '../aggregator-side.ts'
import { type ProbeDesk, type Probes, SYSTEM_ERROR, THROTTLED } from './probe.ts'

type Json = Record<string, unknown>
type Change = Parameters<typeof alibabaCall>[4]

const PRODUCTS = {
  dypns: { url: 'DYPNS_URL', version: '2017-05-25', name: 'GetMobile', params: { AccessToken: 'x' } },
  dytns: { url: 'DYTNS_URL', version: '2020-02-17', name: 'PhoneNumberStatusForReal', params: {} },
} as const
type Product = keyof typeof PRODUCTS

async function call(
  { env }: ProbeDesk,
  product: Product,
  name: string,
  params: Record<string, string>,
  change: Change = {},
): Promise<{ status: number; headers: Headers; body: Json }> {
  const { url, version } = PRODUCTS[product]
  const named = product === 'dytns' ? { AuthCode: env.DYTNS_AUTH_CODE!, Mask: 'NORMAL', ...params } : params
  return alibabaCall(env[url]!, env, { name, version }, named, change)
}

const plainCall = (desk: ProbeDesk, product: Product, change: Change = {}) =>
  call(desk, product, PRODUCTS[product].name, { ...PRODUCTS[product].params, InputNumber: '13900000000' }, change)

const dated = (minutesAgo: number): string => new Date(Date.now() - minutesAgo * 60_000).toISOString().replace(/\.\d{3}Z/, 'Z')

/** What the gateway in front of both products assumes. */
const gateway = (product: Product): Probes => ({
  'nonce-memory': async desk => {
    const nonce = freshNonce()
    const at = (minutesAgo: number) =>
      plainCall(desk, product, { headers: { 'x-acs-signature-nonce': nonce, 'x-acs-date': dated(minutesAgo) } })
    await at(0)
    // Clock skew moves the gateway's clock, and so the age of the nonce.
    return desk.during([{ id: 'clock-skew', share: 1, skewMs: 20 * 60_000 }], async () => (await at(-20)).body.Code)
  },
  'check-order': async desk => (await plainCall(desk, product, { headers: { 'x-acs-date': dated(60) }, secret: 'x' })).body.Code,
  'retry-after': desk => desk.during([THROTTLED], async () => (await plainCall(desk, product)).headers.has('x-acs-retry-after')),
  'system-error': desk => desk.during([SYSTEM_ERROR], async () => (await plainCall(desk, product)).body.Code),
  'unknown-key-status': async desk =>
    (await plainCall({ ...desk, env: { ...desk.env, ALIBABA_CLOUD_ACCESS_KEY_ID: 'nobody' } }, product)).status,
  'bad-signature-status': async desk => (await plainCall(desk, product, { secret: 'x' })).status,
})

const SMS = { SignName: 's', TemplateCode: 't', TemplateParam: '{"code":"##code##"}', ReturnVerifyCode: 'true' }

export const dypns: Probes = {
  ...gateway('dypns'),
  'dead-token': async desk => (await plainCall(desk, 'dypns')).body.Code,
  'foreign-token': async desk => {
    const appId = desk.mocks.appId('alibaba-dypns', 1)
    const { token } = await desk.fresh('china-mobile', { provider: 'alibaba-dypns', appId })
    return (await call(desk, 'dypns', 'GetMobile', { AccessToken: token })).body.Code
  },
  mismatch: async desk => {
    const { token, sim } = await desk.fresh('china-mobile', { provider: 'alibaba-dypns', purpose: 'verify' })
    const { msisdn } = await desk.mocks.fresh('china-unicom')
    await call(desk, 'dypns', 'VerifyMobile', { AccessCode: token, PhoneNumber: msisdn })
    return (await call(desk, 'dypns', 'VerifyMobile', { AccessCode: token, PhoneNumber: sim.msisdn })).body.Code
  },
  'isv-status': async desk => (await plainCall(desk, 'dypns')).status,
  'sms-code-use': async desk => {
    const PhoneNumber = (await desk.mocks.fresh('china-mobile')).msisdn
    const sent = await call(desk, 'dypns', 'SendSmsVerifyCode', { ...SMS, PhoneNumber })
    const { VerifyCode = '' } = sent.body.Model as { VerifyCode: string }
    const check = async () => (await call(desk, 'dypns', 'CheckSmsVerifyCode', { PhoneNumber, VerifyCode })).body.Model
    await check()
    return ((await check()) as Json).VerifyResult
  },
  'sms-too-often': async desk => {
    const PhoneNumber = (await desk.mocks.fresh('china-mobile')).msisdn
    await call(desk, 'dypns', 'SendSmsVerifyCode', { ...SMS, PhoneNumber })
    return (await call(desk, 'dypns', 'SendSmsVerifyCode', { ...SMS, PhoneNumber })).body.Code
  },
  // Fifty a second of GetPhoneWithToken by one page, five hundred by the other, none by default.
  'rate-limits': async desk => {
    const send = async (count: number) =>
      (await Promise.all(Array.from({ length: count }, () => call(desk, 'dypns', 'GetPhoneWithToken', { SpToken: 'x' })))).some(
        reply => reply.body.Code === 'Throttling.User',
      )
    return [await send(140), await send(1100)]
  },
}

const registered = (msAgo: number): string =>
  new Date(Date.now() + 8 * 3_600_000 - msAgo).toISOString().slice(0, 19).replace('T', ' ')
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

export const dytns: Probes = {
  ...gateway('dytns'),
  'resale-of-first-issue': async desk => {
    const { msisdn } = await desk.mocks.fresh('china-mobile')
    const { body } = await call(desk, 'dytns', 'DescribePhoneNumberResale', { PhoneNumber: msisdn, Since: registered(0) })
    return (body.TwiceTelVerify as Json).VerifyResult
  },
  'time-zone': async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    await desk.life(sim, 'reissued')
    const asked = { InputNumber: sim.msisdn, StartTime: registered(HOUR_MS) }
    return ((await call(desk, 'dytns', 'DescribePhoneTwiceTelVerify', asked)).body.Data as Json).VerifyResult
  },
  'unknown-number': async desk => {
    const asked = { InputNumber: '13900000000', StartTime: registered(HOUR_MS) }
    return (await call(desk, 'dytns', 'DescribePhoneTwiceTelVerify', asked)).body.Code
  },
  'wrong-auth-code': async desk =>
    (await call(desk, 'dytns', 'PhoneNumberStatusForReal', { AuthCode: 'x', InputNumber: '1' })).body.Code,
  'ported-number': async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    await desk.life(sim, 'ported', { toCarrier: 'china-unicom' })
    const asked = { InputNumber: sim.msisdn, StartTime: registered(HOUR_MS) }
    return (await call(desk, 'dytns', 'DescribePhoneTwiceTelVerify', asked)).body.Code
  },
  'rate-limit': async desk => {
    const asked = { InputNumber: '13900000000' }
    const replies = await Promise.all(Array.from({ length: 250 }, () => call(desk, 'dytns', 'PhoneNumberStatusForReal', asked)))
    return replies.some(reply => reply.body.Code === 'RequestFrequencyLimit')
  },
  // 91 days are three months of thirty days, and not yet three of the calendar's.
  month: async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    await desk.life(sim, 'reissued')
    await desk.ahead(91 * DAY_MS)
    const { body } = await call(desk, 'dytns', 'DescribePhoneNumberOnlineTime', { InputNumber: sim.msisdn, Carrier: 'CMCC' })
    return (body.Data as Json).VerifyResult
  },
}
