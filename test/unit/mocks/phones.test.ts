import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { CARRIER_IDS, type CarrierId } from '../../../src/contract/carriers.ts'
import type { HandsetSim, IssuedToken } from '../../../src/contract/journal.ts'
import type { ProviderId } from '../../../src/contract/providers.ts'
import { mobileLogin, postMobileLogin } from './backend-side.ts'
import { consumer } from './camara-consumer.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['jiguang', 'camara'] })
})
afterAll(() => mocks.close())
afterEach(async () => {
  await mocks.behave({ assumptions: {} })
  await mocks.control('POST', '/reset')
})

interface Answer {
  status: number
  body: IssuedToken & { maskedNumber?: string; wifi?: boolean; mobileData?: boolean; error?: { code: string } }
}

/** An app on a phone; `position` tells the apps of one provider apart. */
function appOn(sim: HandsetSim, provider: ProviderId = sim.carrier, position = 0) {
  const ask = async (path: string, fields: object): Promise<Answer> => {
    const init = { method: 'POST', body: JSON.stringify({ imsi: sim.imsi, ...fields }) }
    const response = await fetch(`${mocks.url(sim.carrier)}/handset/v1/${path}`, init)
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
  const appId = mocks.appId(provider, position)
  return {
    prefetch: () => ask('prefetch', { appId, provider }),
    authorize: () => ask('authorize', { appId, provider }),
    connect: (change: object) => ask('connection', change),
  }
}

const WIFI_ALONE = { wifi: true, mobileData: false }
const OFFLINE = { wifi: false, mobileData: false }

const redeem = async (token: string) => {
  const { environment } = mocks.ready
  return (await postMobileLogin(environment, mobileLogin(environment, token))).json.resultCode
}

describe('a phone', () => {
  it('has mobile data until told otherwise, and is switched over from Wi-Fi for the moment', async () => {
    const app = appOn(await mocks.fresh('china-mobile'))
    expect((await app.authorize()).body.way).toBe('mobile-data')
    expect((await app.connect({ wifi: true })).body).toEqual({ wifi: true, mobileData: true })
    expect((await app.prefetch()).body.way).toBe('cache')
    expect((await app.authorize()).body.way).toBe('switched-from-wifi')
  })

  it('shows the masked number from the cache, offline too, until the cache is too old', async () => {
    const sim = await mocks.fresh('china-unicom')
    const app = appOn(sim)
    const masked = `${sim.msisdn.slice(0, 3)}****${sim.msisdn.slice(7)}`
    expect((await app.prefetch()).body).toEqual({ maskedNumber: masked, carrier: 'china-unicom', way: 'mobile-data' })
    await app.connect(OFFLINE)
    expect((await app.prefetch()).body).toMatchObject({ maskedNumber: masked, way: 'cache' })
    await mocks.control('POST', '/clock', { advanceMs: 600_000 })
    expect(await app.prefetch()).toMatchObject({ status: 409, body: { error: { code: 'NO_NETWORK' } } })
    await app.connect(WIFI_ALONE)
    expect(await app.prefetch()).toMatchObject({ status: 409, body: { error: { code: 'NO_MOBILE_DATA' } } })
  })

  it.each(CARRIER_IDS)(
    'of %s takes one token over Wi-Fi alone after a success, and no second one',
    async (carrier: CarrierId) => {
      const app = appOn(await mocks.fresh(carrier))
      await app.connect(WIFI_ALONE)
      expect(await app.authorize()).toMatchObject({ status: 409, body: { error: { code: 'NO_MOBILE_DATA' } } })
      await app.connect({ mobileData: true })
      await app.authorize()
      await app.connect({ mobileData: false })
      const kept = await app.authorize()
      expect(kept).toMatchObject({ status: 200, body: { way: 'temporary-token' } })
      if (carrier === 'china-mobile') expect(await redeem(kept.body.token)).toBe('103000')
      expect((await app.authorize()).body.error?.code).toBe('NO_MOBILE_DATA')
    },
  )

  it('cannot use a temporary token offline, after a day, or where the carrier has none', async () => {
    const app = appOn(await mocks.fresh('china-telecom'))
    await app.authorize()
    await app.connect(OFFLINE)
    expect((await app.authorize()).body.error?.code).toBe('NO_NETWORK')
    await app.connect(WIFI_ALONE)
    await mocks.control('POST', '/clock', { advanceMs: 86_400_000 })
    expect((await app.authorize()).body.error?.code).toBe('NO_MOBILE_DATA')
    await mocks.behave({ assumptions: { 'china-telecom.temporary-token': 'none' } })
    await app.connect({ mobileData: true })
    await app.authorize()
    await app.connect(WIFI_ALONE)
    expect((await app.authorize()).body.error?.code).toBe('NO_MOBILE_DATA')
  })

  it('has several apps: what one keeps is no other’s, but all draw on the number’s thirty unused tokens', async () => {
    const sim = await mocks.fresh('china-mobile')
    const [own, foreign, aggregated] = [appOn(sim), appOn(sim, 'china-mobile', 1), appOn(sim, 'jiguang')]
    await own.prefetch()
    await own.authorize()
    await own.connect(WIFI_ALONE)
    expect((await own.prefetch()).body.way).toBe('cache')
    for (const other of [foreign, aggregated]) {
      expect((await other.prefetch()).body.error?.code).toBe('NO_MOBILE_DATA')
      expect((await other.authorize()).body.error?.code).toBe('NO_MOBILE_DATA')
    }
    await own.connect({ mobileData: true })
    for (const app of [foreign, aggregated]) for (let i = 0; i < 14; i++) expect((await app.authorize()).status).toBe(200)
    expect((await own.authorize()).status).toBe(200)
    for (const app of [own, foreign, aggregated]) expect((await app.authorize()).status).toBe(429)
  })

  it('with a new SIM card keeps nothing of the old one', async () => {
    const sim = await mocks.fresh('china-mobile')
    const before = appOn(sim)
    await before.prefetch()
    await before.authorize()
    await mocks.control('POST', '/life', { msisdn: sim.msisdn, kind: 'sim-replaced' })
    const after = appOn((await mocks.control<HandsetSim>('GET', `/subscribers/${sim.index}`)).body)
    await after.connect(WIFI_ALONE)
    expect((await before.prefetch()).body.error?.code).toBe('SIM_UNKNOWN')
    expect((await before.connect(WIFI_ALONE)).body.error?.code).toBe('SIM_UNKNOWN')
    for (const ask of [after.prefetch, after.authorize]) expect((await ask()).body.error?.code).toBe('NO_MOBILE_DATA')
  })

  it('without mobile data is nobody to CAMARA’s network authentication', async () => {
    const sim = await mocks.fresh('china-mobile')
    await appOn(sim).connect(WIFI_ALONE)
    expect((await consumer(mocks).authorize(sim.imsi, 'sim-swap')).back?.error).toBe('access_denied')
    await appOn(sim).connect({ mobileData: true })
    expect((await consumer(mocks).authorize(sim.imsi, 'sim-swap')).back?.code).toBeDefined()
  })

  it.each([{ imsi: 7 }, { wifi: 'yes' }, { mobileData: 1 }])('says what is wrong with a connection %j', async fields => {
    const sim = await mocks.fresh('china-mobile')
    expect((await appOn(sim).connect(fields)).status).toBe(400)
  })
})
