import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HandsetSim, IssuedToken, RebindNotice } from '../../../src/contract/journal.ts'
import { maskNumber } from '../../../src/contract/people.ts'
import { mobileLogin, post, postMobileLogin, postUnicom, unicomFields } from './backend-side.ts'
import { SETTINGS, type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks()
})
afterAll(() => mocks.close())

const handset = (carrier: HandsetSim['carrier'], path: string, fields: unknown) =>
  post(`${mocks.url(carrier)}/handset/v1/${path}`, JSON.stringify(fields), 'application/json')
const live = (fields: object) => mocks.control<{ notice: RebindNotice; sim: HandsetSim }>('POST', '/life', fields)

describe('the control plane', () => {
  it('says who it is and that it lives without a key, and nothing else', async () => {
    const open = async (path: string, headers = {}) => fetch(`${mocks.ready.controlUrl}/__onetap${path}`, { headers })
    expect(await (await open('/identity')).json()).toEqual({
      runId: SETTINGS.runId,
      role: 'mocks',
      version: expect.any(String),
      carriers: expect.arrayContaining([...SETTINGS.carriers]),
      providers: expect.arrayContaining([...SETTINGS.carriers]),
    })
    expect((await open('/health')).status).toBe(200)
    for (const path of ['/behaviour', '/journal/totals', '/nowhere']) {
      expect((await open(path)).status).toBe(401)
      expect((await open(path, { authorization: `Bearer ${mocks.ready.controlToken}x` })).status).toBe(401)
    }
  })

  it('changes behaviour field by field and says what is in force', async () => {
    const changed = await mocks.control('PUT', '/behaviour', { singleUse: 'lenient' })
    expect(changed).toEqual({ status: 200, body: { ...SETTINGS.behaviour, singleUse: 'lenient' } })
    await mocks.control('POST', '/reset')
    expect((await mocks.control('GET', '/behaviour')).body).toEqual({ ...SETTINGS.behaviour, singleUse: 'lenient' })
    await mocks.behave({ singleUse: 'strict' })
  })

  it.each([
    ['GET', '/nowhere', undefined, 404],
    ['DELETE', '/behaviour', undefined, 404],
    ['PUT', '/behaviour', { mood: 'bad' }, 400],
    ['PUT', '/behaviour', [], 400],
    ['POST', '/journal/query', { token: 'x' }, 400],
    ['POST', '/journal/query', { tokens: [1] }, 400],
    ['POST', '/journal/query', { limit: 0 }, 400],
    ['POST', '/clock', { advanceMs: -1 }, 400],
    ['POST', '/clock', {}, 400],
    ['POST', '/subscribers', { carrier: 'nobody' }, 400],
    ['POST', '/subscribers', { number: 1 }, 400],
    ['GET', '/subscribers/10000000', undefined, 404],
    ['GET', '/subscribers/x', undefined, 404],
    ['POST', '/tokens', {}, 400],
    ['POST', '/tokens', { index: 1, msisdn: '13800000000' }, 400],
    ['POST', '/tokens', { index: 1, purpose: 'fun' }, 400],
    ['POST', '/tokens', { index: 1, appId: 'x' }, 404],
    ['POST', '/tokens', { msisdn: '10086' }, 404],
    ['POST', '/life', { msisdn: '10086', kind: 'reissued' }, 404],
    ['POST', '/life', { msisdn: '10086', kind: 'eaten' }, 400],
    ['POST', '/life', { msisdn: '10086', kind: 'ported' }, 400],
    ['POST', '/life', { msisdn: '10086', kind: 'reissued', toCarrier: 'china-mobile' }, 400],
  ])('%s %s with %j is refused with code, message and hint', async (method, path, body, status) => {
    expect(await mocks.control(method, path, body)).toEqual({
      status,
      body: { error: { code: expect.any(String), message: expect.any(String), hint: expect.any(String) } },
    })
  })

  it('answers broken JSON as a bad request', async () => {
    const response = await fetch(`${mocks.ready.controlUrl}/__onetap/clock`, {
      method: 'POST',
      headers: { authorization: `Bearer ${mocks.ready.controlToken}`, 'content-type': 'application/json' },
      body: '{"advanceMs":',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  })

  it('hands out fresh subscribers and their profiles, the same for the same index', async () => {
    const sim = await mocks.fresh('china-unicom')
    expect(sim.index).toBeGreaterThanOrEqual(SETTINGS.subscribers)
    const profile = await mocks.control<{ nickname: string; avatar: string }>('GET', `/subscribers/${sim.index}`)
    expect(profile.body).toMatchObject({
      ...sim,
      nickname: expect.stringMatching(/./),
      avatar: expect.stringMatching(/^data:image/),
    })
    expect(await mocks.control('GET', `/subscribers/${sim.index}`)).toEqual(profile)
  })
})

describe('a handset', () => {
  it('learns its masked number and gets a token that the carrier redeems', async () => {
    const sim = await mocks.fresh('china-mobile')
    const asked = { imsi: sim.imsi, appId: mocks.appId('china-mobile') }
    expect((await handset('china-mobile', 'prefetch', asked)).json).toEqual({
      maskedNumber: maskNumber(sim.msisdn),
      carrier: 'china-mobile',
      way: 'mobile-data',
    })
    const issued = (await handset('china-mobile', 'authorize', asked)).json as unknown as IssuedToken
    expect(issued).toMatchObject({ carrier: 'china-mobile', appId: asked.appId, expiresInMs: 120_000 })
    const reply = await postMobileLogin(mocks.ready.environment, mobileLogin(mocks.ready.environment, issued.token))
    expect(reply.json.msisdn).toBe(sim.msisdn)
  })

  it('is refused without a living SIM card of this carrier, a known app, or a well-formed request', async () => {
    const sim = await mocks.fresh('china-telecom')
    const asked = { imsi: sim.imsi, appId: mocks.appId('china-telecom') }
    const refused = async (fields: unknown, carrier: HandsetSim['carrier'] = 'china-telecom') => {
      const { status, json } = await handset(carrier, 'authorize', fields)
      return [status, (json as unknown as { error?: { code: string } }).error?.code]
    }
    expect(await refused({ ...asked, imsi: '460110000000000' })).toEqual([403, 'SIM_UNKNOWN'])
    expect(await refused({ ...asked, appId: mocks.appId('china-mobile') }, 'china-mobile')).toEqual([403, 'SIM_UNKNOWN'])
    expect(await refused({ ...asked, appId: 'x' })).toEqual([403, 'APP_UNKNOWN'])
    for (const bad of [null, [], {}, { ...asked, imsi: 1 }, { ...asked, purpose: 'fun' }]) {
      expect(await refused(bad)).toEqual([400, 'BAD_REQUEST'])
    }
    for (let i = 0; i < 30; i++) expect(await refused(asked)).toEqual([200, undefined])
    expect(await refused(asked)).toEqual([429, 'TOO_MANY_TOKENS'])
  })

  it('after porting lives at the new carrier, and its old SIM card is dead', async () => {
    const env = mocks.ready.environment
    const old = await mocks.fresh('china-mobile')
    const { body } = await live({ msisdn: old.msisdn, kind: 'ported', toCarrier: 'china-unicom' })
    expect(body.notice).toMatchObject({ kind: 'ported', carrier: 'china-mobile', toCarrier: 'china-unicom', msisdn: old.msisdn })
    const asked = { imsi: old.imsi, appId: mocks.appId('china-mobile') }
    expect((await handset('china-mobile', 'authorize', asked)).status).toBe(403)
    const next = { imsi: body.sim.imsi, appId: mocks.appId('china-unicom') }
    const issued = (await handset('china-unicom', 'authorize', next)).json as unknown as IssuedToken
    expect((await postUnicom(env, unicomFields(env, issued.token))).json.code).toBe(0)
    expect((await live({ msisdn: old.msisdn, kind: 'ported', toCarrier: 'china-unicom' })).status).toBe(409)
  })

  it('of the former holder is dead after a reissue, and so is the token it had in hand', async () => {
    const env = mocks.ready.environment
    const former = await mocks.fresh('china-mobile')
    const { token } = await mocks.token(former)
    const { body } = await live({ msisdn: former.msisdn, kind: 'reissued' })
    const asked = { imsi: former.imsi, appId: mocks.appId('china-mobile') }
    expect((await handset('china-mobile', 'authorize', asked)).status).toBe(403)
    expect((await postMobileLogin(env, mobileLogin(env, token))).json.resultCode).toBe('104201')
    const owner = await mocks.token(body.sim)
    expect((await postMobileLogin(env, mobileLogin(env, owner.token))).json.msisdn).toBe(former.msisdn)
  })
})
