import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HandsetSim } from '../../../src/contract/journal.ts'
import { PROVIDER_IDS } from '../../../src/contract/providers.ts'
import { AGGREGATOR_SIDES, alibabaCall } from './aggregator-side.ts'
import { mobileLogin, postMobileLogin } from './backend-side.ts'
import { type Consumer, consumer } from './camara-consumer.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

const DAY_MS = 86_400_000

let mocks: StartedMocks
let backend: Consumer
beforeAll(async () => {
  mocks = await startedMocks({ providers: PROVIDER_IDS })
  backend = consumer(mocks)
})
afterAll(() => mocks.close())

/** What Alibaba's number attributes and three CAMARA APIs say about a number that was linked with an account ten days ago. */
async function asked(msisdn: string) {
  const token = await backend.twoLegged('sim-swap', 'device-swap', 'number-recycling:check')
  const about = async (path: string, extra: object = {}) =>
    (await backend.api('POST', path, token, { phoneNumber: `+86${msisdn}`, ...extra })).json
  const linked = new Date(Date.now() + 8 * 3_600_000 - 10 * DAY_MS).toISOString().slice(0, 10)
  const env = mocks.ready.environment
  const reissue = await alibabaCall(
    env.DYTNS_URL!,
    env,
    { name: 'DescribePhoneTwiceTelVerify', version: '2020-02-17' },
    { AuthCode: env.DYTNS_AUTH_CODE!, InputNumber: msisdn, Mask: 'NORMAL', StartTime: `${linked} 12:00:00` },
  )
  return {
    verifyResult: (reissue.body as { Data: { VerifyResult: string } }).Data.VerifyResult,
    recycled: (await about('/number-recycling/v0.2/check', { specifiedDate: linked })).phoneNumberRecycled,
    simSwapped: (await about('/sim-swap/v2/check')).swapped,
    deviceSwapped: (await about('/device-swap/v1/check')).swapped,
  }
}

describe('all providers tell one story', () => {
  it.each([
    // How CAMARA's definitions tell the cases apart.
    ['nothing happened', [], { verifyResult: '2', recycled: false, simSwapped: false, deviceSwapped: false }],
    [
      'the SIM card was replaced',
      ['sim-replaced'],
      { verifyResult: '2', recycled: false, simSwapped: true, deviceSwapped: false },
    ],
    ['the handset is new', ['device-changed'], { verifyResult: '2', recycled: false, simSwapped: false, deviceSwapped: true }],
    ['the number was ported', ['ported'], { verifyResult: '2', recycled: false, simSwapped: true, deviceSwapped: false }],
    [
      'somebody took the contract over',
      ['transferred'],
      { verifyResult: '4', recycled: true, simSwapped: true, deviceSwapped: false },
    ],
    ['the number was reissued', ['reissued'], { verifyResult: '1', recycled: true, simSwapped: true, deviceSwapped: true }],
    [
      'and after a rest',
      ['deactivated', 'quarantined', 'reissued'],
      { verifyResult: '1', recycled: true, simSwapped: true, deviceSwapped: true },
    ],
  ] as const)('when %s', async (_what, events, answers) => {
    const before = await mocks.fresh('china-mobile')
    const { token } = await mocks.token(before)
    let sim = before
    for (const kind of events) {
      const port = kind === 'ported' ? { toCarrier: 'china-unicom' } : {}
      const { status, body } = await mocks.control<{ sim: HandsetSim }>('POST', '/life', { msisdn: before.msisdn, kind, ...port })
      expect(status).toBe(200)
      sim = body.sim
    }
    expect(await asked(before.msisdn)).toEqual(answers)

    // The carrier redeems a token of before exactly while the same person holds the number and the carrier still serves it.
    const reply = await postMobileLogin(mocks.ready.environment, mobileLogin(mocks.ready.environment, token))
    const stillTheirs = !answers.recycled && sim.carrier === 'china-mobile'
    expect(reply.json.resultCode).toBe(stillTheirs ? '103000' : '104201')

    // A text rings on the SIM card that lives now.
    const { SMS_URL, SMS_API_KEY } = mocks.ready.environment
    await fetch(`${SMS_URL}/v1/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SMS_API_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ to: before.msisdn, template: 'login-code', params: { code: '1' }, clientRef: before.msisdn }),
    })
    const { body } = await mocks.control<{ messages: { imsi: string }[] }>('POST', '/sms/query', { to: before.msisdn })
    expect(body.messages.map(message => message.imsi)).toEqual([sim.imsi])
  })

  it.each([
    ['nothing happened', [], true],
    ['the SIM card was replaced', ['sim-replaced'], true],
    ['the handset is new', ['device-changed'], true],
    ['the number was ported', ['ported'], false],
    ['somebody took the contract over', ['transferred'], false],
    ['the number was cancelled', ['deactivated'], false],
    ['the number was reissued', ['reissued'], false],
  ] as const)('whoever redeems a token of before, when %s', async (_what, events, isGood) => {
    const sim = await mocks.fresh('china-mobile')
    const issued = await Promise.all(AGGREGATOR_SIDES.map(({ id }) => mocks.token(sim, { provider: id })))
    const own = await mocks.token(sim)
    for (const kind of events) {
      const port = kind === 'ported' ? { toCarrier: 'china-telecom' } : {}
      expect((await mocks.control('POST', '/life', { msisdn: sim.msisdn, kind, ...port })).status).toBe(200)
    }
    const env = mocks.ready.environment
    const numbers = await Promise.all(AGGREGATOR_SIDES.map(async ({ login }, at) => (await login(env, issued[at]!)).result))
    const carrier = (await postMobileLogin(env, mobileLogin(env, own.token))).json.msisdn
    const expected = isGood ? sim.msisdn : undefined
    expect([carrier, ...numbers]).toEqual([carrier, ...numbers].map(() => expected))
  })

  it('when nobody holds the number: no swap to report, recycled, no token, no ring', async () => {
    const { msisdn, imsi } = await mocks.fresh('china-mobile')
    await mocks.control('POST', '/life', { msisdn, kind: 'deactivated' })
    expect(await asked(msisdn)).toEqual({
      verifyResult: '3',
      recycled: true,
      simSwapped: undefined,
      deviceSwapped: undefined,
    })
    expect((await backend.authorize(imsi, 'sim-swap')).back?.error).toBe('access_denied')
    expect((await mocks.control('POST', '/tokens', { msisdn })).status).toBe(409)
  })
})
