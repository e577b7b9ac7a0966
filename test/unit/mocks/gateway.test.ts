import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import { armFaults, isDoomed } from '../../../src/contract/fault.ts'
import type { JournalRow, JournalTotals } from '../../../src/contract/journal.ts'
import { drawLatencyUs, latencyTable } from '../../../src/contract/latency.ts'
import { mintToken } from '../../../src/contract/token.ts'
import { mobileLogin, postMobileLogin, postTelecom, postUnicom, telecomFields, unicomFields } from './backend-side.ts'
import { SETTINGS, type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
let env: Record<string, string>
beforeAll(async () => {
  mocks = await startedMocks()
  env = mocks.ready.environment
})
afterAll(() => mocks.close())
beforeEach(async () => {
  await mocks.behave(SETTINGS.behaviour)
  await mocks.control('POST', '/reset')
})

const loadToken = (tokenIndex: number): string =>
  mintToken(SETTINGS.seed, {
    carrier: 'china-mobile',
    tokenIndex,
    subscriberIndex: 3,
    generation: 0,
    appIndex: 0,
    purpose: 'login',
    issuedAtMs: Date.now(),
  })
const login = (token: string) => postMobileLogin(env, mobileLogin(env, token))

describe('bad input', () => {
  const PATHS: Record<string, string> = {
    CMCC_URL: '/unisdk/rsapi/loginTokenValidate',
    CUCC_URL: '/api/netm/v1.0/qhbt',
    CTCC_URL: '/auth/sdkcodeinfo.do',
  }
  const REFUSALS: Record<string, RegExp> = {
    CMCC_URL: /"resultCode":"(103412|103211|103414)"/,
    CUCC_URL: /"code":1001/,
    CTCC_URL: /"result":"51002"/,
  }
  const BODIES: [string, string, string | undefined, string | undefined][] = [
    ['a wrong method', 'PUT', 'application/json', '{}'],
    ['no body', 'POST', undefined, undefined],
    ['an empty body', 'POST', 'application/json', ''],
    ['a wrong content type', 'POST', 'text/plain', '{"appid":"1"}'],
    ['a content type that is none', 'POST', ';;;', 'x'],
    ['broken JSON', 'POST', 'application/json', '{"appid":'],
    ['JSON that is no object', 'POST', 'application/json', '[1]'],
    ['values that are no text', 'POST', 'application/json', '{"appid":1,"token":null,"sign":{}}'],
    ['missing fields', 'POST', 'application/json', '{}'],
    ['a polluted prototype', 'POST', 'application/json', '{"__proto__":{"appid":"30000001"},"constructor":"x"}'],
    ['form fields twice', 'POST', 'application/x-www-form-urlencoded', 'appId=1&appId=2&apiKey=1&apiKey=2'],
    ['form text that does not decode', 'POST', 'application/x-www-form-urlencoded', 'apiKey=%E0%A4%A&params=%ff&=&&&'],
    ['a body over the limit', 'POST', 'application/json', `{"appid":"${'x'.repeat(70_000)}"}`],
    ['bytes that are no UTF-8', 'POST', 'application/json', '\u0000\ud800'],
  ]
  for (const [url, path] of Object.entries(PATHS)) {
    it.each(BODIES)(`${url}: %s gives the documented error with HTTP 200`, async (_name, method, contentType, body) => {
      const headers: Record<string, string> = contentType === undefined ? {} : { 'content-type': contentType }
      const response = await fetch(env[url] + path, { method, headers, ...(body === undefined ? {} : { body }) })
      expect(response.status).toBe(200)
      expect(await response.text()).toMatch(REFUSALS[url]!)
    })
  }

  it('at a path the carrier does not have gives 404 and a row that shows it', async () => {
    expect((await fetch(`${env.CMCC_URL}/nowhere?x=1`, { method: 'POST', body: 'x' })).status).toBe(404)
    const { body } = await mocks.control<{ rows: JournalRow[] }>('POST', '/journal/query', {})
    expect(body.rows).toMatchObject([{ operation: 'POST /nowhere', httpStatus: 404, tokenKind: 'unknown' }])
  })

  it('that is no HTTP at all leaves the mock standing', async () => {
    const { port } = new URL(env.CMCC_URL!)
    const socket = connect(Number(port), '127.0.0.1')
    socket.on('error', () => undefined).resume()
    socket.end('\u0016\u0003\u0001 no http\r\n\r\n')
    await new Promise(resolve => socket.once('close', resolve))
    expect((await login('')).json.resultCode).toBe('103811')
  })
})

describe('delays', () => {
  it('are the draw of the token’s index, never shorter, and are kept before errors too', async () => {
    const latency = { kind: 'lognormal', medianMs: 8, p99Ms: 40 } as const
    await mocks.behave({ latency })
    const table = latencyTable(latency, SETTINGS.seed)
    const tokens = Array.from({ length: 30 }, (_, i) => loadToken(i))
    await Promise.all(tokens.map(login))
    await login(tokens[0]!)
    const { body } = await mocks.control<{ rows: JournalRow[] }>('POST', '/journal/query', { tokens })
    expect(body.rows).toHaveLength(31)
    for (const row of body.rows) {
      expect(row.intendedUs).toBe(drawLatencyUs(table, tokens.indexOf(row.token), 0))
      expect(row.actualUs).toBeGreaterThanOrEqual(row.intendedUs)
      expect(row.tokenKind).toBe('load')
    }
    expect(body.rows.filter(row => row.resultCode === '104201')).toHaveLength(1)
  })

  it('do not decide who wins: of calls with one token the first to arrive does', async () => {
    await mocks.behave({ latency: { kind: 'fixed', ms: 5 } })
    const token = loadToken(500)
    const replies = await Promise.all(Array.from({ length: 20 }, () => login(token)))
    expect(replies.filter(reply => reply.json.resultCode === '103000')).toHaveLength(1)
    const rows = (await mocks.rows(token)).sort((a, b) => a.arrivedAtMs - b.arrivedAtMs)
    expect(rows.map(row => row.redeemed)).toEqual([true, ...new Array<boolean>(19).fill(false)])
  })
})

describe('faults', () => {
  it('strike exactly the tokens that the rule draws, load and handset alike, and spend nothing', async () => {
    const faults = [{ id: 'error-rate', share: 0.5, answer: 'http' }] as const
    await mocks.behave({ faults })
    for (let index = 0; index < 12; index++) {
      const token = loadToken(index)
      const struck = isDoomed(armFaults(faults, SETTINGS.seed, 'china-mobile', 'loginTokenValidate'), index, 0)
      const reply = await login(token)
      expect(reply.status).toBe(struck ? 503 : 200)
      await mocks.behave({ faults: [] })
      expect((await login(token)).json.resultCode).toBe(struck ? '103000' : '104201')
      await mocks.behave({ faults })
    }
    await mocks.behave({ faults: [{ ...faults[0], share: 1 }] })
    const { token } = await mocks.token(await mocks.fresh('china-mobile'))
    expect((await login(token)).status).toBe(503)
    expect(await mocks.rows(token)).toMatchObject([{ fault: 'error-rate', httpStatus: 503, resultCode: '', redeemed: false }])
  })

  it('in business dress are the carrier’s own system error with HTTP 200', async () => {
    await mocks.behave({ faults: [{ id: 'error-rate', share: 1, answer: 'business' }] })
    const replies = await Promise.all([
      login(loadToken(1)),
      postUnicom(env, unicomFields(env, 'x')),
      postTelecom(env, telecomFields(env, { accessCode: 'x', authCode: 'y' })),
    ])
    expect(replies.map(reply => reply.status)).toEqual([200, 200, 200])
    expect(replies[0].json.resultCode).toBe('103413')
    expect(replies[1].json.code).toBe(9999)
    expect(replies[2].json.result).toBe('-99999')
  })

  it('that hang answer nothing and cut the connection', async () => {
    await mocks.behave({ faults: [{ id: 'hang', share: 1, holdMs: 30 }] })
    const token = loadToken(2)
    await expect(login(token)).rejects.toThrow('fetch failed')
    expect(await mocks.rows(token)).toMatchObject([{ fault: 'hang', httpStatus: 0, resultCode: '', redeemed: false }])
    const { body } = await mocks.control<JournalTotals>('GET', '/journal/totals')
    expect(body).toMatchObject({ calls: 1, faults: { hang: 1 }, byResult: { 'china-mobile/no-answer': 1 } })
    expect(body.delayErrorMs.count).toBe(0)
  })

  it('that hang let go when the backend gives up first', async () => {
    await mocks.behave({ faults: [{ id: 'hang', share: 1, holdMs: 60_000 }] })
    const token = loadToken(3)
    const fields = JSON.stringify(mobileLogin(env, token))
    const call = fetch(`${env.CMCC_URL}/unisdk/rsapi/loginTokenValidate`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: fields,
      signal: AbortSignal.timeout(100),
    })
    await expect(call).rejects.toThrow('timeout')
    let rows: JournalRow[] = []
    for (let i = 0; i < 200 && rows.length === 0; i++) {
      await sleep(20)
      rows = await mocks.rows(token)
    }
    expect(rows).toMatchObject([{ fault: 'hang' }])
  })
})

it('each call has its row by the time its reply is there', async () => {
  for (let index = 0; index < 10; index++) {
    const token = loadToken(100 + index)
    await login(token)
    expect(await mocks.rows(token)).toHaveLength(1)
  }
})

it('the environment has what a backend of each carrier needs', () => {
  expect(Object.keys(env).sort()).toEqual(
    [
      ['CMCC_APP_ID', 'CMCC_APP_KEY', 'CMCC_APP_SECRET', 'CMCC_PLATFORM_PUBLIC_KEY', 'CMCC_PRIVATE_KEY', 'CMCC_URL'],
      ['CTCC_APP_ID', 'CTCC_APP_SECRET', 'CTCC_PRIVATE_KEY', 'CTCC_URL'],
      ['CUCC_API_KEY', 'CUCC_PACKAGE', 'CUCC_PLATFORM_PUBLIC_KEY', 'CUCC_URL'],
    ].flat(),
  )
  expect(mocks.ready.providers.map(one => one.provider)).toEqual(CARRIER_IDS)
})
