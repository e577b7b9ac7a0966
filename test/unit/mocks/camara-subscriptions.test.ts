import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DeliveryRow } from '../../../mocks/notices/delivery-log.ts'
import { type Consumer, consumer } from './camara-consumer.ts'
import { expectSchema } from './camara-specification.ts'
import { type HookListener, hookListener } from './hook-listener.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

const PATH = '/sim-swap-subscriptions/v0.3/subscriptions'
const SWAPPED = 'org.camaraproject.sim-swap-subscriptions.v0.swapped'
const ENDED = 'org.camaraproject.sim-swap-subscriptions.v0.subscription-ended'
const SCOPES = [`sim-swap-subscriptions:${SWAPPED}:create`, 'sim-swap-subscriptions:read', 'sim-swap-subscriptions:delete']

let mocks: StartedMocks
let backend: Consumer
let hook: HookListener
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['camara'] })
  backend = consumer(mocks)
})
afterAll(() => mocks.close())
beforeEach(async () => {
  await mocks.behave({ assumptions: { 'camara.sink': 'https-or-local-http' } })
  hook = await hookListener(() => 204)
})
afterEach(() => hook.close())

interface Event {
  id: string
  type: string
  source: string
  time: string
  data: { subscriptionId: string; phoneNumber?: string; terminationReason?: string }
}

const request = (phoneNumber: string | undefined, change: object = {}, config: object = {}) => ({
  protocol: 'HTTP',
  sink: hook.url,
  types: [SWAPPED],
  config: { subscriptionDetail: phoneNumber === undefined ? {} : { phoneNumber }, ...config },
  ...change,
})
const create = async (body: object, token?: string) =>
  backend.api('POST', PATH, token ?? (await backend.twoLegged(...SCOPES)), body)
const read = async (id = '') => backend.api('GET', `${PATH}${id}`, await backend.twoLegged(...SCOPES))
const live = (msisdn: string, kind: string, extra: object = {}) => mocks.control('POST', '/life', { msisdn, kind, ...extra })
const events = () => hook.heard.map(one => JSON.parse(one.body) as Event)
const fresh = async () => {
  const sim = await mocks.fresh('china-mobile')
  return { ...sim, number: `+86${sim.msisdn}` }
}

describe('a SIM swap subscription', () => {
  it.each([
    ['reissued', {}],
    ['sim-replaced', {}],
    ['ported', { toCarrier: 'china-unicom' }],
    ['transferred', {}],
  ])('hears of a number that is %s, in the published form and with its own bearer', async (kind, extra) => {
    const sim = await fresh()
    const sinkCredential = {
      credentialType: 'ACCESSTOKEN',
      accessToken: 'sink-token',
      accessTokenExpiresUtc: '2099-01-01T00:00:00Z',
      accessTokenType: 'bearer',
    }
    const { status, json } = await create(request(sim.number, { sinkCredential }))
    expect([status, json.status]).toEqual([201, 'ACTIVE'])
    expect(JSON.stringify(json)).not.toContain('sink-token')
    await live(sim.msisdn, kind, extra)
    await hook.until(1)
    const [heard] = hook.heard
    expect(heard!.headers).toMatchObject({ 'content-type': 'application/cloudevents+json', authorization: 'Bearer sink-token' })
    const [event] = events()
    expectSchema('sim-swap-subscriptions', 'EventSimSwap', event)
    expectSchema('sim-swap-subscriptions', 'Swapped', event!.data)
    expect(event).toMatchObject({ type: SWAPPED, data: { subscriptionId: json.id, phoneNumber: sim.number } })
  })

  it('hears nothing of a new handset, a number at rest, or another number', async () => {
    const [sim, other] = [await fresh(), await fresh()]
    await create(request(sim.number))
    await live(sim.msisdn, 'device-changed')
    await live(sim.msisdn, 'deactivated')
    await live(other.msisdn, 'reissued')
    await live(sim.msisdn, 'reissued')
    await hook.until(1)
    expect(events()).toHaveLength(1)
  })

  it('of a user names no number, in answers and events', async () => {
    const sim = await fresh()
    const token = await backend.threeLegged(sim.imsi, ...SCOPES)
    const { status, json } = await create(request(undefined), token)
    expect([status, json.config.subscriptionDetail]).toEqual([201, {}])
    await live(sim.msisdn, 'sim-replaced')
    await hook.until(1)
    expect(events()[0]!.data).toEqual({ subscriptionId: json.id })
  })

  it('ends after its last event', async () => {
    const sim = await fresh()
    const { json } = await create(request(sim.number, {}, { subscriptionMaxEvents: 1 }))
    await live(sim.msisdn, 'sim-replaced')
    await live(sim.msisdn, 'sim-replaced')
    await hook.until(2)
    expect(events().map(event => event.type)).toEqual([SWAPPED, ENDED])
    expectSchema('sim-swap-subscriptions', 'EventSubscriptionEnded', events()[1])
    expectSchema('sim-swap-subscriptions', 'SubscriptionEnded', events()[1]!.data)
    expect(events()[1]!.data.terminationReason).toBe('MAX_EVENTS_REACHED')
    expect((await read(`/${json.id}`)).json.status).toBe('EXPIRED')
  })

  it('ends at its time, or at its credential’s', async () => {
    const [sim, other] = [await fresh(), await fresh()]
    const nowMs = (await mocks.control<{ nowMs: number }>('POST', '/clock', { advanceMs: 0 })).body.nowMs
    const soon = new Date(nowMs + 60_000).toISOString()
    const expiring = { credentialType: 'ACCESSTOKEN', accessToken: 't', accessTokenExpiresUtc: soon, accessTokenType: 'bearer' }
    expect((await create(request(sim.number, {}, { subscriptionExpireTime: soon }))).json.expiresAt).toBe(soon)
    await create(request(other.number, { sinkCredential: expiring }))
    await mocks.control('POST', '/clock', { advanceMs: 60_000 })
    await live(sim.msisdn, 'reissued')
    await live(other.msisdn, 'reissued')
    await hook.until(2)
    expect(events().map(event => event.data.terminationReason)).toEqual(['SUBSCRIPTION_EXPIRED', 'ACCESS_TOKEN_EXPIRED'])
  })

  it('can be listed, read and deleted by its consumer, who is told of the end', async () => {
    const sim = await fresh()
    const { json } = await create(request(sim.number))
    expect((await read()).json.map((one: { id: string }) => one.id)).toContain(json.id)
    expect((await read(`/${json.id}`)).json).toEqual(json)
    const remove = async () => backend.api('DELETE', `${PATH}/${json.id}`, await backend.twoLegged(...SCOPES))
    expect((await remove()).status).toBe(204)
    expect((await remove()).status).toBe(404)
    expect((await read(`/${json.id}`)).json.code).toBe('NOT_FOUND')
    await hook.until(1)
    expect(events()[0]!.data.terminationReason).toBe('SUBSCRIPTION_DELETED')
  })

  it('is forgotten by a reset', async () => {
    const sim = await fresh()
    await create(request(sim.number))
    await mocks.control('POST', '/reset')
    await mocks.behave({ assumptions: { 'camara.sink': 'https-or-local-http' } })
    expect((await read()).json).toEqual([])
  })

  it('exists once per number and sink', async () => {
    const sim = await fresh()
    await create(request(sim.number))
    const again = await create(request(sim.number))
    expect([again.status, again.json.code]).toEqual([409, 'ALREADY_EXISTS'])
  })

  it('is delivered as the control plane says, and the log tells', async () => {
    const sim = await fresh()
    const manner = await mocks.control('PUT', '/notices/subscriptions', { lossShare: 1 })
    expect(manner.status).toBe(200)
    const { json } = await create(request(sim.number))
    await live(sim.msisdn, 'reissued')
    const { body } = await mocks.control<{ deliveries: DeliveryRow[] }>('POST', '/notices/query', { eventId: `${json.id}-1` })
    expect(body.deliveries).toMatchObject([{ format: 'cloud-event', outcome: 'lost', url: hook.url }])
    await mocks.control('PUT', '/notices/subscriptions', {})
    for (const bad of [{ lossShare: 2 }, { url: hook.url }, []]) {
      expect((await mocks.control('PUT', '/notices/subscriptions', bad)).status).toBe(400)
    }
  })
})

describe('a subscription is refused', () => {
  const credential = (change: object) => ({
    sinkCredential: {
      credentialType: 'ACCESSTOKEN',
      accessToken: 't',
      accessTokenExpiresUtc: '2099-01-01T00:00:00Z',
      accessTokenType: 'bearer',
      ...change,
    },
  })

  it.each([
    [{ protocol: undefined }, {}, 'INVALID_ARGUMENT'],
    [{ protocol: 'SMTP' }, {}, 'INVALID_ARGUMENT'],
    [{ protocol: 'KAFKA' }, {}, 'INVALID_PROTOCOL'],
    [{ sink: undefined }, {}, 'INVALID_ARGUMENT'],
    [{ sink: 'https://example.com/hook' }, {}, 'INVALID_SINK'],
    [{ sink: 'ftp://127.0.0.1/' }, {}, 'INVALID_SINK'],
    [{ types: [] }, {}, 'INVALID_ARGUMENT'],
    [{ types: [SWAPPED, SWAPPED] }, {}, 'INVALID_ARGUMENT'],
    [{ types: ['x'] }, {}, 'INVALID_ARGUMENT'],
    [{ config: undefined }, {}, 'INVALID_ARGUMENT'],
    [{ config: {} }, {}, 'INVALID_ARGUMENT'],
    [{}, { subscriptionExpireTime: '2000-01-01T00:00:00Z' }, 'OUT_OF_RANGE'],
    [{}, { subscriptionExpireTime: '2099-01-01' }, 'INVALID_ARGUMENT'],
    [{}, { subscriptionMaxEvents: 0 }, 'OUT_OF_RANGE'],
    [{}, { subscriptionMaxEvents: '1' }, 'INVALID_ARGUMENT'],
    [credential({ credentialType: 'PLAIN' }), {}, 'INVALID_CREDENTIAL'],
    [credential({ accessTokenType: 'mac' }), {}, 'INVALID_TOKEN'],
    [credential({ accessToken: 'a b' }), {}, 'INVALID_ARGUMENT'],
    [credential({ accessToken: 'a\r\nx: y' }), {}, 'INVALID_ARGUMENT'],
    [credential({ accessTokenExpiresUtc: 'never' }), {}, 'INVALID_ARGUMENT'],
    [{ sinkCredential: 'x' }, {}, 'INVALID_ARGUMENT'],
  ])('for %j and %j', async (change, config, code) => {
    const sim = await fresh()
    const { status, json } = await create(request(sim.number, change, config))
    expect([status, json.code]).toEqual([400, code])
  })

  it('for plain HTTP, unless that is allowed', async () => {
    await mocks.behave({ assumptions: {} })
    const sim = await fresh()
    expect((await create(request(sim.number))).json.code).toBe('INVALID_SINK')
    expect((await create(request(sim.number, { sink: 'https://127.0.0.1:9/hook' }))).status).toBe(201)
  })

  it('for a number beside a user, and for none without one', async () => {
    const sim = await fresh()
    const token = await backend.threeLegged(sim.imsi, ...SCOPES)
    expect((await create(request(sim.number), token)).json.code).toBe('UNNECESSARY_IDENTIFIER')
    expect((await create(request(undefined))).json.code).toBe('MISSING_IDENTIFIER')
  })
})
