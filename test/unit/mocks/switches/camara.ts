import { consumer, JWT_BEARER, makeJwt, PURPOSE } from '../camara-consumer.ts'
import { type ProbeDesk, type Probes, THROTTLED } from './probe.ts'

const CIBA = 'urn:openid:params:grant-type:ciba'
const BACK = 'https://app.example/back'
const DAY_MS = 86_400_000

/** A call whose answer may be outside the released specification, as a switch has it; so it is not held against that. */
async function raw(desk: ProbeDesk, path: string, token: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${desk.env.CAMARA_URL}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body,
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, json: text === '' ? {} : JSON.parse(text) }
}

const twoLegged = (desk: ProbeDesk, ...scopes: string[]) => consumer(desk.mocks).twoLegged(...scopes)
const numberOf = (msisdn: string): { phoneNumber: string } => ({ phoneNumber: `+86${msisdn}` })

async function swapped(desk: ProbeDesk, body: object, headers: Record<string, string> = {}) {
  return raw(desk, '/sim-swap/v2/check', await twoLegged(desk, 'sim-swap'), JSON.stringify(body), headers)
}

/** Claims of the identity token that comes with a code. */
async function identity(desk: ProbeDesk, imsi: string): Promise<Record<string, unknown>> {
  const side = consumer(desk.mocks)
  const { back } = await side.authorize(imsi, 'sim-swap')
  const { json } = await side.tokenBy({ grant_type: 'authorization_code', code: back?.code ?? '', redirect_uri: BACK })
  return JSON.parse(Buffer.from(json.id_token!.split('.')[1]!, 'base64url').toString())
}

export const camara: Probes = {
  'number-verification-token': async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    const token = await consumer(desk.mocks).threeLegged(sim.imsi, 'number-verification:verify')
    const verify = () => raw(desk, '/number-verification/v2/verify', token, JSON.stringify(numberOf(sim.msisdn)))
    await verify()
    return (await verify()).status
  },
  'request-bodies': async desk =>
    (await swapped(desk, { ...numberOf((await desk.mocks.fresh('china-mobile')).msisdn), surprise: 1 })).status,
  'monitored-days': async desk => {
    const { msisdn } = await desk.mocks.fresh('china-mobile')
    const token = await twoLegged(desk, 'sim-swap')
    return (await raw(desk, '/sim-swap/v2/retrieve-date', token, JSON.stringify(numberOf(msisdn)))).json.latestSimChange === null
  },
  'recycling-window-days': async desk => {
    const { msisdn } = await desk.mocks.fresh('china-mobile')
    const token = await twoLegged(desk, 'number-recycling:check')
    const asked = { ...numberOf(msisdn), specifiedDate: '2020-01-01' }
    return (await raw(desk, '/number-recycling/v0.2/check', token, JSON.stringify(asked))).status
  },
  'backchannel-approval': async desk => {
    const side = consumer(desk.mocks)
    const { msisdn } = await desk.mocks.fresh('china-mobile')
    const form = { ...side.clientAssertion(), scope: `${PURPOSE} sim-swap`, login_hint: `tel:+86${msisdn}` }
    const { json } = await side.form('/bc-authorize', form)
    const poll = async () => (await side.tokenBy({ grant_type: CIBA, auth_req_id: json.auth_req_id })).json.error ?? 'given'
    const first = await poll()
    await desk.ahead(10_000)
    return [first, await poll()]
  },
  'sub-after-reissue': async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    const before = (await identity(desk, sim.imsi)).sub
    await desk.life(sim, 'reissued')
    const { imsi } = (await desk.mocks.control<{ imsi: string }>('GET', `/subscribers/${sim.index}`)).body
    return (await identity(desk, imsi)).sub === before
  },
  sink: async desk => {
    const token = await twoLegged(desk, 'sim-swap-subscriptions:org.camaraproject.sim-swap-subscriptions.v0.swapped:create')
    const { msisdn } = await desk.mocks.fresh('china-mobile')
    const order = {
      protocol: 'HTTP',
      sink: 'http://127.0.0.1:9/sink',
      types: ['org.camaraproject.sim-swap-subscriptions.v0.swapped'],
      config: { subscriptionDetail: numberOf(msisdn) },
    }
    return (await raw(desk, '/sim-swap-subscriptions/v0.3/subscriptions', token, JSON.stringify(order))).status
  },
  'user-token-after-new-sim': async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    const token = await consumer(desk.mocks).threeLegged(sim.imsi, 'sim-swap')
    await desk.life(sim, 'sim-replaced')
    return (await raw(desk, '/sim-swap/v2/check', token, '{}')).status
  },
  'check-order': async desk => (await raw(desk, '/sim-swap/v2/check', 'nobodys', '{}', { 'x-correlator': 'ä b' })).status,
  'other-media-type': async desk => (await swapped(desk, {}, { 'content-type': 'text/xml' })).status,
  'unheld-number': async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    await desk.life(sim, 'deactivated')
    return (await swapped(desk, numberOf(sim.msisdn))).status
  },
  // Reissued at 20:00 UTC, which is the next day in Beijing: asked for the day of UTC, it is recycled in Beijing only.
  days: async desk => {
    const sim = await desk.mocks.fresh('china-mobile')
    const day = new Date(Date.now() - 3 * DAY_MS).toISOString().slice(0, 10)
    await desk.life(sim, 'reissued', { occurredAt: `${day}T20:00:00Z` })
    const token = await twoLegged(desk, 'number-recycling:check')
    const asked = JSON.stringify({ ...numberOf(sim.msisdn), specifiedDate: day })
    return (await raw(desk, '/number-recycling/v0.2/check', token, asked)).json.phoneNumberRecycled
  },
  otp: async desk => {
    const { msisdn } = await desk.mocks.fresh('china-mobile')
    const token = await twoLegged(desk, 'one-time-password-sms:send-validate')
    const order = JSON.stringify({ ...numberOf(msisdn), message: '{{code}}' })
    await raw(desk, '/one-time-password-sms/v1/send-code', token, order)
    const { body } = await desk.mocks.control<{ messages: { params: { code: string } }[] }>('POST', '/sms/query', { to: msisdn })
    return body.messages[0]?.params.code.length
  },
  'no-mobile-data': async desk => (await consumer(desk.mocks).authorize('', 'sim-swap')).back?.error,
  amr: async desk => (await identity(desk, (await desk.mocks.fresh('china-mobile')).imsi)).amr,
  'code-life-seconds': async desk => {
    const side = consumer(desk.mocks)
    const { back } = await side.authorize((await desk.mocks.fresh('china-mobile')).imsi, 'sim-swap')
    await desk.ahead(61_000)
    return (await side.tokenBy({ grant_type: 'authorization_code', code: back?.code ?? '', redirect_uri: BACK })).json.error
  },
  'client-token-seconds': async desk =>
    (await consumer(desk.mocks).tokenBy({ grant_type: 'client_credentials', scope: `${PURPOSE} sim-swap` })).json.expires_in,
  'retry-after': desk =>
    desk.during([THROTTLED], async () => (await raw(desk, '/sim-swap/v2/check', '', '{}')).headers.get('retry-after')),
}

/** A user's token by the JWT-bearer grant, for whoever needs one without a browser. */
export async function byAssertion(desk: ProbeDesk, msisdn: string, scope: string): Promise<string> {
  const side = consumer(desk.mocks)
  const assertion = makeJwt(side.claims({ sub: `tel:+86${msisdn}`, scope: `${PURPOSE} ${scope}` }), side.key)
  return (await side.form('/token', { grant_type: JWT_BEARER, assertion })).json.access_token
}
