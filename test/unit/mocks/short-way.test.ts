import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mintToken } from '../../../src/contract/token.ts'
import { mobileLogin } from './backend-side.ts'
import { RawConnection, rawPost } from './raw-exchange.ts'
import { SETTINGS, type StartedMocks, startedMocks } from './started-mocks.ts'

const LOGIN = '/unisdk/rsapi/loginTokenValidate'

let mocks: StartedMocks
let env: Record<string, string>
let url: string
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['alibaba-dypns', 'sms-gateway', 'camara', 'qq'] })
  env = mocks.ready.environment
  url = env.CMCC_URL!
})
afterAll(() => mocks.close())
beforeEach(async () => {
  await mocks.behave({ ...SETTINGS.behaviour, singleUse: 'lenient' })
  await mocks.control('POST', '/reset')
})

const tokenOf = (tokenIndex: number): string =>
  mintToken(SETTINGS.seed, {
    carrier: 'china-mobile',
    tokenIndex,
    subscriberIndex: 3,
    generation: 0,
    appIndex: 0,
    purpose: 'login',
    issuedAtMs: Date.now(),
  })
const login = (tokenIndex: number, change: Record<string, unknown> = {}): string =>
  JSON.stringify(mobileLogin(env, tokenOf(tokenIndex), change))

/** Times and request ids differ from answer to answer; everything else must not. */
const timeless = (answer: string): string =>
  answer
    .replace(/Date: [^\r]+/, 'Date: D')
    .replace(/\d{17}/g, 'T')
    .replace(/[0-9A-F]{8}-[0-9A-F-]{27}/gi, 'I')

/** A connection whose first request, which always goes through the whole server, is behind it. */
async function used(base = url): Promise<RawConnection> {
  const connection = await RawConnection.open(base)
  connection.write(rawPost('/nowhere', '{}'))
  expect(await connection.answer()).toContain('404')
  await new Promise(resolve => setTimeout(resolve, 5))
  return connection
}

async function oneAnswer(connection: RawConnection, pieces: readonly (string | Buffer)[]): Promise<string> {
  for (const [position, piece] of pieces.entries()) {
    if (position > 0) await new Promise(resolve => setTimeout(resolve, 15))
    connection.write(piece)
  }
  const answer = await connection.answer(400)
  connection.close()
  return timeless(answer)
}

describe('a connection’s later requests', () => {
  const body = (): string => login(1)
  const REQUESTS: [string, () => (string | Buffer)[]][] = [
    ['a good login', () => [rawPost(LOGIN, body())]],
    ['a query', () => [rawPost(`${LOGIN}?a=1&b=%20`, body())]],
    ['an unknown token', () => [rawPost(LOGIN, login(1, { token: 'x' }))]],
    ['a msgid to be escaped', () => [rawPost(LOGIN, login(1, { msgid: '"\\\n\u0001' }))]],
    ['a msgid beyond ASCII, escaped by the sender', () => [rawPost(LOGIN, body().replace(/bed1dc7f/, '\\u4e2d\\u00e9'))]],
    ['a msgid beyond ASCII', () => [rawPost(LOGIN, login(1, { msgid: '中é' }))]],
    ['broken JSON', () => [rawPost(LOGIN, '{"a":')]],
    ['an empty body', () => [rawPost(LOGIN, '')]],
    ['an empty body of no type', () => [rawPost(LOGIN, '').replace('content-type: application/json\r\n', '')]],
    ['an empty body of an empty type', () => [rawPost(LOGIN, '', { 'content-type': '' })]],
    ['no length', () => [rawPost(LOGIN, '').replace('content-length: 0\r\n', '')]],
    ['a path that is not there', () => [rawPost('/else', body())]],
    ['a path spelled otherwise', () => [rawPost(LOGIN.replace('unisdk', 'uni%73dk'), body())]],
    ['a path in capitals', () => [rawPost(LOGIN.toUpperCase(), body())]],
    ['a fragment', () => [rawPost(`${LOGIN}#x`, body())]],
    ['a whole address as target', () => [rawPost(`http://127.0.0.1${LOGIN}`, body())]],
    ['another method', () => [rawPost(LOGIN, body()).replace('POST', 'PUT')]],
    ['a GET', () => [`GET ${LOGIN} HTTP/1.1\r\nhost: x\r\n\r\n`]],
    ['no HTTP', () => ['\u0016\u0003\u0001 no http\r\n\r\n']],
    ['HTTP 1.0', () => [rawPost(LOGIN, body()).replace('HTTP/1.1', 'HTTP/1.0')]],
    ['HTTP 1.2', () => [rawPost(LOGIN, body()).replace('HTTP/1.1', 'HTTP/1.2')]],
    ['a closed connection', () => [rawPost(LOGIN, body(), { connection: 'close' })]],
    ['an open connection', () => [rawPost(LOGIN, body(), { connection: 'Keep-Alive' })]],
    ['no host', () => [rawPost(LOGIN, body()).replace('host: 127.0.0.1\r\n', '')]],
    ['two hosts', () => [rawPost(LOGIN, body(), { Host: 'b' })]],
    ['another content type', () => [rawPost(LOGIN, body(), { 'content-type': 'text/plain' })]],
    ['a content type that is none', () => [rawPost(LOGIN, body(), { 'content-type': ';;;' })]],
    ['a character set', () => [rawPost(LOGIN, body(), { 'content-type': 'Application/JSON; charset=UTF-8' })]],
    ['no content type', () => [rawPost(LOGIN, body()).replace('content-type: application/json\r\n', '')]],
    ['two content types', () => [rawPost(LOGIN, body(), { 'Content-Type': 'text/plain' })]],
    ['two lengths', () => [rawPost(LOGIN, body(), { 'Content-Length': '5' })]],
    ['a length that is no number', () => [rawPost(LOGIN, body(), { 'content-length': '+12' })]],
    ['a length that is too long', () => [rawPost(LOGIN, body(), { 'content-length': '9999' })]],
    ['a length that is too short', () => [rawPost(LOGIN, body(), { 'content-length': '4' })]],
    ['chunks and a length', () => [rawPost(LOGIN, body(), { 'transfer-encoding': 'chunked' })]],
    ['chunks', () => [rawPost(LOGIN, '').replace('content-length: 0', 'transfer-encoding: chunked') + chunked(body())]],
    ['an expectation', () => [rawPost(LOGIN, body(), { expect: '100-continue' })]],
    ['another expectation', () => [rawPost(LOGIN, body(), { expect: 'x' })]],
    ['an upgrade', () => [rawPost(LOGIN, body(), { connection: 'upgrade', upgrade: 'x' })]],
    ['a folded line', () => [rawPost(LOGIN, body(), { 'x-a': 'b\r\n c' })]],
    ['a bare line feed', () => [rawPost(LOGIN, body()).replace('host: 127.0.0.1\r\n', 'host: 127.0.0.1\n')]],
    ['a space before the colon', () => [rawPost(LOGIN, body(), { 'x-a ': 'b' })]],
    ['a control character in a value', () => [rawPost(LOGIN, body(), { 'x-a': 'b\u0001c' })]],
    ['bytes above ASCII in a value', () => [Buffer.from(rawPost(LOGIN, body(), { 'x-a': 'é' }), 'latin1')]],
    ['an empty value', () => [rawPost(LOGIN, body(), { 'x-a': '' })]],
    ['a version of an interface', () => [rawPost(LOGIN, body(), { 'accept-version': '1.x' })]],
    ['a name that objects have', () => [rawPost(LOGIN, body(), { constructor: 'x', 'x-b': 'y' })]],
    ['a very long head', () => [rawPost(LOGIN, body(), { 'x-a': 'y'.repeat(20_000) })]],
    ['a long head', () => [rawPost(LOGIN, body(), { 'x-a': 'y'.repeat(6000) })]],
    ['a body over the limit', () => [rawPost(LOGIN, 'x'.repeat(70_000))]],
    ['a body near the limit', () => [rawPost(LOGIN, login(1, { extra: 'x'.repeat(60_000) }))]],
    ['head and body apart', () => rawPost(LOGIN, body()).split(/(?<=\r\n\r\n)/)],
    ['a head in two pieces', () => rawPost(LOGIN, body()).split(/(?<=host: 12)/)],
    ['a body in two pieces', () => rawPost(LOGIN, body()).split(/(?<="systemtime")/)],
  ]
  it.each(REQUESTS)('are answered as its first is, byte for byte: %s', async (_name, pieces) => {
    const first = await oneAnswer(await RawConnection.open(url), pieces())
    const later = await oneAnswer(await used(), pieces())
    expect(later).toBe(first)
  })

  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const OTHERS: [string, string, () => string][] = [
    ['alibaba-dypns', 'no action', () => rawPost('/', 'a=b', form)],
    ['alibaba-dypns', 'no signature', () => rawPost('/?Action=GetMobile&Version=2017-05-25', 'AccessToken=x', form)],
    ['sms-gateway', 'no key', () => rawPost('/v1/messages', '{"to":"13800000000"}')],
    ['camara', 'headers of its own', () => rawPost('/number-verification/v2/verify', '{}', { 'x-correlator': 'abc' })],
    ['qq', 'a form', () => rawPost('/oauth2.0/token', 'grant_type=x', form)],
  ]
  it.each(OTHERS)('are answered as its first is by %s too: %s', async (provider, _name, request) => {
    const base = mocks.url(provider as Parameters<typeof mocks.url>[0])
    const first = await oneAnswer(await RawConnection.open(base), [request()])
    expect(await oneAnswer(await used(base), [request()])).toBe(first)
  })

  it('see a fault from the moment it is set, and none any more when it is gone', async () => {
    const connection = await used()
    const ask = async (): Promise<string> => {
      connection.write(rawPost(LOGIN, login(1)))
      return (await connection.answer()).slice(0, 12)
    }
    expect(await ask()).toBe('HTTP/1.1 200')
    await mocks.behave({ faults: [{ id: 'error-rate', share: 1, answer: 'http' }] })
    expect(await ask()).toBe('HTTP/1.1 503')
    await mocks.behave({ faults: [] })
    expect(await ask()).toBe('HTTP/1.1 200')
    connection.close()
  })
})

describe('requests sent before the answer to the one before', () => {
  it('are answered in their order, each settled on its arrival, whatever way they take', async () => {
    await mocks.behave({ latency: { kind: 'uniform', minMs: 0, maxMs: 120 } })
    const connection = await used()
    const indices = [10, 11, 12, 13, 14, 15, 16, 17]
    const sent = indices.map(tokenOf)
    for (const [position, index] of indices.entries()) {
      connection.write(rawPost(LOGIN, login(index, { msgid: `m${index}`, token: sent[position] })))
      await new Promise(resolve => setTimeout(resolve, 3))
    }
    connection.write(rawPost(LOGIN, login(18, { msgid: 'm18' })) + rawPost(LOGIN, login(19, { msgid: 'm19' })))
    const order: string[] = []
    for (let i = 0; i < indices.length + 2; i++) order.push(/"inresponseto":"(m\d+)"/.exec(await connection.answer())?.[1] ?? '')
    expect(order).toEqual([...indices, 18, 19].map(index => `m${index}`))
    connection.close()
    const { body } = await mocks.control<{ rows: { token: string; arrivedAtMs: number; intendedUs: number }[] }>(
      'POST',
      '/journal/query',
      {},
    )
    const rows = body.rows.filter(row => sent.includes(row.token))
    expect(rows).toHaveLength(indices.length)
    // The first ones all arrived long before the slowest of them was answered.
    const arrivals = rows.map(row => row.arrivedAtMs)
    expect(Math.max(...arrivals) - Math.min(...arrivals)).toBeLessThan(Math.max(...rows.map(row => row.intendedUs)) / 1000)
  })

  it('leave rows for callers that hung up, and the mock standing', async () => {
    await mocks.behave({ latency: { kind: 'fixed', ms: 30 } })
    const connection = await used()
    connection.write(rawPost(LOGIN, login(20)))
    await new Promise(resolve => setTimeout(resolve, 10))
    connection.close()
    const half = await used()
    half.write(rawPost(LOGIN, login(21)))
    half.finish()
    await new Promise(resolve => setTimeout(resolve, 80))
    half.close()
    const { body } = await mocks.control<{ calls: number }>('GET', '/journal/totals')
    expect(body.calls).toBe(4)
  })
})

function chunked(body: string): string {
  return `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`
}
