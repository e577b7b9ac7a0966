import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { DeliveryRow } from '../../../mocks/notices/delivery-log.ts'
import type { HandsetSim, RebindNotice } from '../../../src/contract/journal.ts'
import { type Heard, type HookListener, hookListener } from './hook-listener.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

const SECRET = 'a webhook secret'
let mocks: StartedMocks
let hook: HookListener | undefined
beforeAll(async () => {
  mocks = await startedMocks()
})
afterEach(async () => {
  await hook?.close()
  hook = undefined
})
afterAll(() => mocks.close())

const live = (fields: object) => mocks.control<{ notice: RebindNotice; sim: HandsetSim }>('POST', '/life', fields)
const deliveries = (query: object = {}) =>
  mocks.control<{ deliveries: DeliveryRow[]; pending: number }>('POST', '/notices/query', query)
const settled = async (eventId: string): Promise<DeliveryRow[]> => {
  for (;;) {
    const rows = (await deliveries({ eventId })).body.deliveries
    if (rows.some(row => row.final)) return rows
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}

function isSigned({ headers, body }: Heard): boolean {
  const signed = createHmac('sha256', SECRET).update(`${headers['x-rebind-timestamp']}.${body}`).digest('hex')
  return headers['x-rebind-signature'] === signed
}

describe('a rebind notice', () => {
  it.each([
    ['reissued', {}],
    ['sim-replaced', {}],
    ['ported', { toCarrier: 'china-unicom' }],
  ])('of a number that is %s arrives signed, as the control plane told', async (kind, extra) => {
    hook = await hookListener()
    const { msisdn } = await mocks.fresh('china-mobile')
    const { body } = await live({ msisdn, kind, ...extra, deliver: { url: hook.url, secret: SECRET } })
    await hook.until(1)
    const [heard] = hook.heard
    expect(JSON.parse(heard!.body)).toEqual(body.notice)
    expect(body.notice).toMatchObject({ kind, msisdn, carrier: 'china-mobile', ...extra })
    expect(heard!.headers['content-type']).toBe('application/json')
    expect(isSigned(heard!)).toBe(true)
    expect(Math.abs(Number(heard!.headers['x-rebind-timestamp']) - Date.now() / 1000)).toBeLessThan(300)
    expect(await settled(body.notice.eventId)).toMatchObject([{ outcome: 'delivered', httpStatus: 200, attempt: 1, copy: 1 }])
  })

  it('is signed anew for each try and comes twice when told to', async () => {
    hook = await hookListener((_heard, nth) => (nth === 1 ? 503 : 200))
    const { msisdn } = await mocks.fresh('china-mobile')
    const deliver = { url: hook.url, secret: SECRET, duplicateShare: 1, backoffMs: 1 }
    const { body } = await live({ msisdn, kind: 'reissued', deliver })
    await hook.until(3)
    expect(hook.heard.every(isSigned)).toBe(true)
    expect(new Set(hook.heard.map(one => JSON.parse(one.body).eventId))).toEqual(new Set([body.notice.eventId]))
  })

  it('that nobody listens to is given up, and the log says why', async () => {
    hook = await hookListener()
    const { url } = hook
    await hook.close()
    const { msisdn } = await mocks.fresh('china-mobile')
    const { body } = await live({ msisdn, kind: 'reissued', deliver: { url, secret: SECRET, attempts: 2, backoffMs: 1 } })
    let rows = await settled(body.notice.eventId)
    while (rows.length < 2) rows = await settled(body.notice.eventId)
    expect(rows).toMatchObject([
      { outcome: 'failed', attempt: 1, final: false },
      { outcome: 'failed', attempt: 2, final: true, error: expect.stringContaining('ECONNREFUSED') },
    ])
  })

  it('that is lost is not sent, and the log says so without number or secret', async () => {
    hook = await hookListener()
    const { msisdn } = await mocks.fresh('china-mobile')
    const { body } = await live({ msisdn, kind: 'reissued', deliver: { url: hook.url, secret: SECRET, lossShare: 1 } })
    const rows = await settled(body.notice.eventId)
    expect(rows).toMatchObject([{ outcome: 'lost', attempt: 0, final: true }])
    expect(JSON.stringify(rows)).not.toContain(msisdn)
    expect(JSON.stringify(rows)).not.toContain(SECRET)
    expect(hook.heard).toEqual([])
  })

  it('is not made of what carriers keep to themselves', async () => {
    hook = await hookListener()
    const { msisdn } = await mocks.fresh('china-mobile')
    const deliver = { url: hook.url, secret: SECRET }
    for (const kind of ['device-changed', 'transferred', 'deactivated', 'quarantined']) {
      const { status, body } = await live({ msisdn, kind, deliver })
      expect([kind, status, body.notice]).toEqual([kind, 200, null])
    }
    expect((await deliveries()).body.pending).toBe(0)
    expect(hook.heard).toEqual([])
  })

  it('kept back for shuffling is sent by a flush', async () => {
    hook = await hookListener()
    const { msisdn } = await mocks.fresh('china-mobile')
    const deliver = { url: hook.url, secret: SECRET, order: 'shuffled', window: 3 }
    const sent = [await live({ msisdn, kind: 'sim-replaced', deliver }), await live({ msisdn, kind: 'reissued', deliver })]
    expect((await mocks.control<{ pending: number }>('POST', '/notices/flush')).body.pending).toBe(2)
    await hook.until(2)
    expect(hook.heard.map(one => JSON.parse(one.body).sequence)).toEqual(sent.map(one => one.body.notice.sequence).toReversed())
  })
})

describe('the control plane', () => {
  it('refuses bad deliveries before anything happens to the number', async () => {
    const sim = await mocks.fresh('china-mobile')
    for (const deliver of [
      { url: 'http://example.com/', secret: 's' },
      { url: 'http://127.0.0.1/' },
      1,
      { url: 'x', secret: 's' },
    ]) {
      expect((await live({ msisdn: sim.msisdn, kind: 'reissued', deliver })).status).toBe(400)
    }
    const { body } = await mocks.control<{ imsi: string }>('GET', `/numbers/${sim.msisdn}`)
    expect(body.imsi).toBe(sim.imsi)
  })

  it.each([
    [{ kind: 'reissued', occurredAt: 'yesterday' }, 400, 'BAD_REQUEST'],
    [{ kind: 'reissued', occurredAt: '2990-01-01T00:00:00Z' }, 409, 'WRONG_TIME'],
    [{ kind: 'quarantined' }, 409, 'WRONG_STATE'],
    [{ kind: 'deactivated', toCarrier: 'china-unicom' }, 400, 'BAD_REQUEST'],
  ])('refuses %j', async (event, status, code) => {
    const { msisdn } = await mocks.fresh('china-mobile')
    expect(await live({ msisdn, ...event })).toMatchObject({ status, body: { error: { code } } })
  })

  it('gives no token for a number that nobody holds, and its old tokens and SIM card are dead', async () => {
    const sim = await mocks.fresh('china-telecom')
    await live({ msisdn: sim.msisdn, kind: 'deactivated' })
    expect((await mocks.control('POST', '/tokens', { msisdn: sim.msisdn })).status).toBe(409)
    const response = await fetch(`${mocks.url('china-telecom')}/handset/v1/authorize`, {
      method: 'POST',
      body: JSON.stringify({ imsi: sim.imsi, appId: mocks.appId('china-telecom') }),
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(403)
  })

  it('shows the books of a number, and of none that is not served', async () => {
    const { msisdn } = await mocks.fresh('china-mobile')
    await live({ msisdn, kind: 'reissued', occurredAt: '2025-01-02T03:04:05.000Z' })
    const { body } = await mocks.control<{ held: boolean; history: { contracts: unknown[] } }>('GET', `/numbers/${msisdn}`)
    expect(body).toMatchObject({ msisdn, held: true, history: { state: 'active', heldBy: 'reissued' } })
    expect(body.history.contracts).toMatchObject([
      { holder: 0, toMs: Date.UTC(2025, 0, 2, 3, 4, 5) },
      { holder: 1, fromMs: Date.UTC(2025, 0, 2, 3, 4, 5) },
    ])
    expect((await mocks.control('GET', '/numbers/10086')).status).toBe(404)
    expect((await mocks.control('POST', '/notices/query', { sinceSeq: 'x' })).status).toBe(400)
    expect((await mocks.control('POST', '/notices/query', { event: 'x' })).status).toBe(400)
  })
})
