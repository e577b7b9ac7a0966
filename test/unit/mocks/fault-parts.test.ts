import { connect } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faults } from '../../../mocks/faults/index.ts'
import { FAULT_IDS, type FaultRule } from '../../../src/contract/fault.ts'
import type { JournalTotals } from '../../../src/contract/journal.ts'
import { subscriberAt } from '../../../src/contract/people.ts'
import { mobileLogin, postMobileLogin, postTelecom, telecomFields } from './backend-side.ts'
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

const fresh = async (): Promise<string> => (await mocks.token(await mocks.fresh('china-mobile'))).token
const login = (token: string) => postMobileLogin(env, mobileLogin(env, token))
const strike = (...faults: FaultRule[]) => mocks.behave({ faults })

/** What really comes over the wire for one call, to the byte, and how the connection ended. */
async function overTheWire(token: string, calls = 1): Promise<{ text: string; chunks: number; error: string | undefined }> {
  const body = JSON.stringify(mobileLogin(env, token))
  const request = `POST /unisdk/rsapi/loginTokenValidate HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  const socket = connect({ port: Number(new URL(env.CMCC_URL!).port), host: '127.0.0.1', allowHalfOpen: true })
  let [text, chunks] = ['', 0]
  let error: string | undefined
  socket.on('error', (cause: NodeJS.ErrnoException) => {
    error = cause.code
  })
  const over = new Promise<void>(resolve => socket.once('close', () => resolve()).once('end', () => resolve()))
  socket.on('data', data => {
    text += data.toString('utf8')
    chunks++
    if (text.split('HTTP/1.1').length > calls && text.endsWith('}')) socket.end()
  })
  socket.write(request)
  await over
  socket.destroy()
  return { text, chunks, error }
}

it('there is a part for each fault of the contract', () => {
  expect(Object.keys(faults).sort()).toEqual([...FAULT_IDS].sort())
})

describe('an error', () => {
  it('has the status asked for', async () => {
    await strike({ id: 'error-rate', share: 1, answer: 'http', status: 502 })
    expect((await login(await fresh())).status).toBe(502)
  })

  it('has the business code asked for, in the dialect’s own form', async () => {
    await strike({ id: 'error-rate', share: 1, answer: 'business', code: '103801' })
    const reply = await login(await fresh())
    expect(reply).toMatchObject({ status: 200, json: { resultCode: '103801' } })
  })

  it('spends no token', async () => {
    const token = await fresh()
    await strike({ id: 'error-rate', share: 1, answer: 'http' })
    await login(token)
    await strike()
    expect((await login(token)).json.resultCode).toBe('103000')
  })
})

describe('a throttle', () => {
  it('lets so many a second through and refuses the rest with the vendor’s code or 429', async () => {
    await strike({ id: 'throttle', share: 1, ratePerSecond: 2 })
    const tokens = await Promise.all(Array.from({ length: 8 }, fresh))
    const codes = (await Promise.all(tokens.map(login))).map(reply => reply.json.resultCode)
    // Eight calls at once lie in one second or in two.
    expect([2, 4]).toContain(codes.filter(code => code === '103000').length)
    expect(new Set(codes)).toEqual(new Set(['103000', '103911']))
  })

  it('strikes only calls it refuses', async () => {
    await strike({ id: 'throttle', share: 1, ratePerSecond: 1000 })
    const token = await fresh()
    await login(token)
    expect((await mocks.rows(token))[0]!.fault).toBeUndefined()
  })
})

it('an address off the allow-list gets China Mobile’s 103511', async () => {
  await strike({ id: 'ip-refused', share: 1 })
  expect((await login(await fresh())).json.resultCode).toBe('103511')
})

it('a redirect leads to another path of the same host, and who follows shows in the journal', async () => {
  await strike({ id: 'redirect', share: 1, status: 307, operations: ['loginTokenValidate'] })
  const reply = await login(await fresh())
  expect(reply.status).toBe(404)
  const { body } = await mocks.control<{ rows: { operation: string; httpStatus: number }[] }>('POST', '/journal/query', {})
  expect(body.rows.map(row => [row.operation, row.httpStatus])).toEqual([
    ['loginTokenValidate', 307],
    ['POST /moved', 404],
  ])
})

it('another subscriber’s answer is sound, of the same carrier, and spends the token', async () => {
  const sim = await mocks.fresh('china-mobile')
  const { token } = await mocks.token(sim)
  await strike({ id: 'other-subscriber', share: 1 })
  expect((await login(token)).json).toMatchObject({
    resultCode: '103000',
    msisdn: subscriberAt(SETTINGS.seed, sim.index + 3).msisdn,
  })
  await strike()
  expect((await login(token)).json.resultCode).toBe('104201')
})

describe('a provider’s clock that is off', () => {
  it('writes its own times and its Date header', async () => {
    await strike({ id: 'clock-skew', share: 1, skewMs: 86_400_000 })
    const { text } = await overTheWire(await fresh())
    const date = Date.parse(/date: (.*)\r/i.exec(text)![1]!)
    expect(Math.abs(date - Date.now() - 86_400_000)).toBeLessThan(60_000)
    const systemtime = /"systemtime":"(\d{8})/i.exec(text)![1]!
    const beijing = new Date(date + 8 * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '')
    expect(systemtime).toBe(beijing)
  })

  it('refuses an honest time stamp and leaves the token to be used', async () => {
    const sim = await mocks.fresh('china-telecom')
    const { token, authCode } = await mocks.token(sim)
    const fields = () => telecomFields(env, { accessCode: token, authCode: authCode! })
    await strike({ id: 'clock-skew', share: 1, skewMs: -3_600_000 })
    expect((await postTelecom(env, fields())).json.result).toBe('-30001')
    await strike()
    expect((await postTelecom(env, fields())).json.result).toBe('0')
  })
})

it('a mislabelled answer is whole, with another status or code on it', async () => {
  const token = await fresh()
  await strike({ id: 'mislabelled', share: 1, status: 500, code: '0103000' })
  const { json, status } = await postMobileLogin(env, mobileLogin(env, token))
  expect({ status, code: json.resultCode }).toEqual({ status: 500, code: '0103000' })
  expect(json.msisdn).toMatch(/^1\d{10}$/)
})

it('a wrong echo is another value of the same form', async () => {
  const token = await fresh()
  const fields = mobileLogin(env, token)
  await strike({ id: 'wrong-echo', share: 1 })
  const { json, text } = await postMobileLogin(env, fields)
  expect(json.resultCode).toBe('103000')
  const { inresponseto } = JSON.parse(text) as { inresponseto: string }
  expect(inresponseto).toHaveLength(String(fields.msgid).length)
  expect(inresponseto).not.toBe(fields.msgid)
})

it('a malformed body does not parse, has its whole length and the token spent', async () => {
  const token = await fresh()
  await strike({ id: 'malformed', share: 1 })
  const response = await fetch(`${env.CMCC_URL}/unisdk/rsapi/loginTokenValidate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mobileLogin(env, token)),
  })
  const text = await response.text()
  expect(text.length).toBeGreaterThan(10)
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
  expect((await mocks.rows(token))[0]).toMatchObject({ fault: 'malformed', redeemed: true })
})

it.each([
  ['empty', (text: string) => text === ''],
  ['page', (text: string) => text.startsWith('<html>') && text.includes('inresponseto')],
  ['list', (text: string) => Array.isArray(JSON.parse(text))],
  ['text', (text: string) => typeof JSON.parse(text) === 'string'],
  ['unclosed', (text: string) => text.startsWith('{') && !text.endsWith('}')],
  ['long', (text: string) => text.length > 8_000_000 && typeof JSON.parse(text) === 'object'],
] as const)('a malformed body of the form %s is what its name says', async (form, holds) => {
  const token = await fresh()
  await strike({ id: 'malformed', share: 1, form })
  const response = await fetch(`${env.CMCC_URL}/unisdk/rsapi/loginTokenValidate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(mobileLogin(env, token)),
  })
  expect(holds(await response.text())).toBe(true)
})

it('a redirect leads to a listener on this machine where one is named, and to no other place', async () => {
  await strike({ id: 'redirect', share: 1, status: 307, to: 'http://127.0.0.1:9/there' })
  const response = await fetch(`${env.CMCC_URL}/unisdk/rsapi/loginTokenValidate`, {
    method: 'POST',
    body: '{}',
    redirect: 'manual',
  })
  expect([response.status, response.headers.get('location')]).toEqual([307, 'http://127.0.0.1:9/there'])
  await expect(strike({ id: 'redirect', share: 1, status: 307, to: 'http://example.com/' })).rejects.toThrow()
})

it('a wrong content type covers the right body', async () => {
  await strike({ id: 'wrong-content-type', share: 1, contentType: 'text/html' })
  const { text } = await overTheWire(await fresh())
  expect(text).toMatch(/content-type: text\/html\r/i)
  expect(text).toContain('"103000"')
})

describe('a connection', () => {
  it('that is reset ends in a reset, without a byte', async () => {
    await strike({ id: 'reset', share: 1 })
    const token = await fresh()
    expect(await overTheWire(token)).toMatchObject({ text: '', error: 'ECONNRESET' })
    expect(await mocks.rows(token)).toMatchObject([{ fault: 'reset', httpStatus: 0, redeemed: false }])
  })

  it('that is closed halfway ends without a byte and without an error', async () => {
    await strike({ id: 'half-close', share: 1 })
    expect(await overTheWire(await fresh())).toMatchObject({ text: '', error: undefined })
  })

  it('that ends inside the body has sent less than it promised', async () => {
    await strike({ id: 'truncated', share: 1, keepShare: 0.25 })
    const token = await fresh()
    const { text } = await overTheWire(token)
    const [head = '', body = ''] = text.split('\r\n\r\n')
    const promised = Number(/content-length: (\d+)/i.exec(head)![1])
    expect(body.length).toBe(Math.floor(promised * 0.25))
    expect((await mocks.rows(token))[0]).toMatchObject({ fault: 'truncated', redeemed: true })
  })

  it('whose body drips brings all of it, in pieces', async () => {
    await strike({ id: 'slow-body', share: 1, overMs: 100, chunks: 5 })
    const { text, chunks } = await overTheWire(await fresh())
    expect(text).toContain('"103000"')
    expect(chunks).toBeGreaterThan(2)
  })

  it('may carry an answer twice', async () => {
    await strike({ id: 'duplicate-answer', share: 1 })
    const { text } = await overTheWire(await fresh(), 2)
    const bodies = text
      .split('\r\n\r\n')
      .filter(part => part.startsWith('{'))
      .map(part => part.split('HTTP/1.1')[0])
    expect(bodies).toHaveLength(2)
    expect(bodies[0]).toBe(bodies[1])
  })
})

it('a late answer comes after its time, is booked as intended so late, and its token is spent on arrival', async () => {
  await strike({ id: 'late-answer', share: 1, lateMs: 60 })
  const token = await fresh()
  const [first, second] = await Promise.all([login(token), strike().then(() => login(token))])
  expect([first, second].map(reply => reply.json.resultCode).sort()).toEqual(['103000', '104201'])
  const late = (await mocks.rows(token)).find(row => row.fault === 'late-answer')!
  expect(late).toMatchObject({ redeemed: true, intendedUs: 60_000 })
  expect(late.actualUs).toBeGreaterThanOrEqual(60_000)
})

describe('several faults', () => {
  it('strike together, one of each kind, in the order of the list', async () => {
    await strike(
      { id: 'error-rate', share: 1, answer: 'business' },
      { id: 'redirect', share: 1, status: 302 },
      { id: 'wrong-content-type', share: 1, contentType: 'text/plain' },
      { id: 'slow-body', share: 1, overMs: 20, chunks: 2 },
      { id: 'hang', share: 1, holdMs: 1 },
    )
    const token = await fresh()
    const { text } = await overTheWire(token)
    expect(text).toContain('"103413"')
    expect(text).toMatch(/content-type: text\/plain\r/i)
    expect(await mocks.rows(token)).toMatchObject([
      { fault: 'error-rate', otherFaults: ['wrong-content-type', 'slow-body'], resultCode: '103413' },
    ])
    const { body } = await mocks.control<JournalTotals>('GET', '/journal/totals')
    expect(body.faults).toEqual({ 'error-rate': 1, 'wrong-content-type': 1, 'slow-body': 1 })
  })

  it('keep to the providers, operations and times they name', async () => {
    await strike({ id: 'error-rate', share: 1, answer: 'http', providers: ['china-unicom'] })
    expect((await login(await fresh())).status).toBe(200)
    await strike({ id: 'error-rate', share: 1, answer: 'http', operations: ['tokenValidate'] })
    expect((await login(await fresh())).status).toBe(200)
    await strike({ id: 'error-rate', share: 1, answer: 'http', fromMs: 3_600_000 })
    expect((await login(await fresh())).status).toBe(200)
    await strike({ id: 'error-rate', share: 1, answer: 'http', ttlMs: 1, originMs: 1 })
    expect((await login(await fresh())).status).toBe(200)
    await strike({ id: 'error-rate', share: 1, answer: 'http', ttlMs: 3_600_000 })
    expect((await login(await fresh())).status).toBe(503)
  })
})

describe('a rule that makes no sense', () => {
  it.each([
    [{ id: 'gremlins', share: 1 }, 'id'],
    [{ id: 'hang', share: 2, holdMs: 1 }, 'share'],
    [{ id: 'hang', share: 1 }, 'holdMs'],
    [{ id: 'hang', share: 1, holdMs: 1, answer: 'http' }, 'answer'],
    [{ id: 'error-rate', share: 1, answer: 'http', status: 200 }, 'status'],
    [{ id: 'error-rate', share: 1, answer: 'business', status: 500 }, 'status'],
    [{ id: 'error-rate', share: 1, answer: 'business', code: '"}' }, 'code'],
    [{ id: 'throttle', share: 1, ratePerSecond: -1 }, 'ratePerSecond'],
    [{ id: 'redirect', share: 1, status: 200 }, 'status'],
    [{ id: 'clock-skew', share: 1, skewMs: Number.NaN }, 'skewMs'],
    [{ id: 'wrong-content-type', share: 1, contentType: 'text/html\r\nx: y' }, 'contentType'],
    [{ id: 'slow-body', share: 1, overMs: 1, chunks: 0 }, 'chunks'],
    [{ id: 'truncated', share: 1, keepShare: 1 }, 'keepShare'],
    [{ id: 'late-answer', share: 1, lateMs: 1e9 }, 'lateMs'],
    [{ id: 'reset', share: 1, providers: ['nobody'] }, 'providers'],
    [{ id: 'reset', share: 1, providers: [] }, 'providers'],
    [{ id: 'reset', share: 1, operations: [1] }, 'operations'],
    [{ id: 'reset', share: 1, fromMs: -1 }, 'fromMs'],
    [{ id: 'reset', share: 1, name: 'A name' }, 'name'],
    [null, 'id'],
  ])('%j is refused for its %s', async (rule, field) => {
    const { status, body } = await mocks.control<{ error: { message: string } }>('PUT', '/behaviour', { faults: [rule] })
    expect(status).toBe(400)
    expect(body.error.message).toContain(`faults[0].${field}`)
  })
})
