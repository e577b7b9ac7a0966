import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import target from '../../../examples/cookie-shop/onetap.target.ts'
import { granted } from './bench.ts'
import { driverOf, type Served, serve } from './served.ts'

/** China Mobile, saying whatever the test wants; `inresponseto` repeats the request's id unless told otherwise. */
let carrier: Server
let says: { status: number; body: Record<string, unknown> }
let shop: Served

beforeAll(async () => {
  carrier = createServer(async (request, response) => {
    const { msgid } = JSON.parse(await text(request)) as { msgid: string }
    response.writeHead(says.status).end(JSON.stringify({ inresponseto: msgid, ...says.body }))
  })
  await new Promise<void>(resolve => carrier.listen(0, '127.0.0.1', resolve))
  const { port } = carrier.address() as AddressInfo
  shop = await serve('examples/cookie-shop/server.ts', {
    CMCC_URL: `http://127.0.0.1:${port}`,
    CMCC_APP_ID: 'app',
    CMCC_APP_SECRET: 'secret',
  })
})
afterAll(async () => {
  await shop.stop()
  carrier.closeAllConnections()
  carrier.close()
})

const success = { resultCode: '103000', msisdn: '13800000001' }
let tokens = 0

describe('the cookie shop believes a carrier', () => {
  it.each([
    ['a whole success', 200, success, 'granted'],
    ['a success with HTTP 500', 500, success, 'failed'],
    ['a success for another request', 200, { ...success, inresponseto: 'other' }, 'failed'],
    ['a success for no request', 200, { ...success, inresponseto: undefined }, 'failed'],
    ['a success code that is a number', 200, { ...success, resultCode: 103000 }, 'failed'],
    ['a success code with a blank', 200, { ...success, resultCode: '103000 ' }, 'failed'],
    ['a success code spelled in another field', 200, { resultcode: '103000', msisdn: success.msisdn }, 'failed'],
    ['a refusal that holds a number', 200, { ...success, resultCode: '104201' }, 'refused'],
    ['a success with a masked number', 200, { ...success, msisdn: '138****0001' }, 'failed'],
    ['a success with two numbers', 200, { ...success, msisdn: ['13800000001', '13800000002'] }, 'failed'],
    ['a success without a number', 200, { resultCode: '103000' }, 'failed'],
  ])('only as far as it should: %s (HTTP %i)', async (_name, status, body, kind) => {
    says = { status, body }
    const send = driverOf(target, shop.url, {})
    const { nonce } = granted((await send('nonce', {})).reading)
    const token = `STsid0000001551151128045${String(tokens++).padStart(32, '0')}`
    const login = await send('oneTap', { carrier: 'china-mobile', token, appId: 'app', nonce })
    expect(login.reading.kind).toBe(kind)
  })
})
