import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JournalRow } from '../../../src/contract/journal.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['sms-gateway'] })
})
afterAll(() => mocks.close())
beforeEach(() => mocks.behave({ assumptions: {} }))

interface Inbox {
  messages: { seq: number; atMs: number; to: string; template: string; params: Record<string, string>; imsi?: string }[]
}

let references = 0
const message = (to: string, extra: object = {}) => ({
  to,
  template: 'login-code',
  params: { code: '123456' },
  clientRef: `ref-${references++}`,
  ...extra,
})

async function send(body: unknown, headers: Record<string, string> = {}, method = 'POST') {
  const { SMS_URL, SMS_API_KEY } = mocks.ready.environment
  const response = await fetch(`${SMS_URL}/v1/messages`, {
    method,
    headers: { authorization: `Bearer ${SMS_API_KEY}`, 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, json: (await response.json()) as Record<string, unknown> }
}

const inboxOf = async (query: object) => (await mocks.control<Inbox>('POST', '/sms/query', query)).body.messages

describe('the SMS gateway', () => {
  it('takes a text, rings the phone that holds the number, and charges for it', async () => {
    const sim = await mocks.fresh('china-mobile')
    const sent = await send(message(sim.msisdn))
    expect([sent.status, sent.json]).toEqual([202, { messageId: expect.stringMatching(/^[0-9a-f-]{36}$/) }])
    const inbox = await inboxOf({ to: sim.msisdn })
    expect(inbox).toEqual([
      {
        seq: expect.any(Number),
        atMs: expect.any(Number),
        to: sim.msisdn,
        template: 'login-code',
        params: { code: '123456' },
        imsi: sim.imsi,
      },
    ])
    const { rows } = (await mocks.control<{ rows: JournalRow[] }>('POST', '/journal/query', {})).body
    expect(rows.at(-1)).toMatchObject({ provider: 'sms-gateway', operation: 'messages', billed: true, signature: 'ok' })
  })

  it('does not ring twice for a repeated clientRef, and refuses it for another number', async () => {
    const [sim, other] = [await mocks.fresh('china-mobile'), await mocks.fresh('china-mobile')]
    const text = message(sim.msisdn)
    const [first, second] = [await send(text), await send(text)]
    expect(second.json).toEqual(first.json)
    expect(await inboxOf({ to: sim.msisdn })).toHaveLength(1)
    const reused = await send({ ...text, to: other.msisdn })
    expect([reused.status, reused.json]).toEqual([409, { error: { code: 'CLIENT_REF_REUSED' } }])
    expect(await inboxOf({ to: other.msisdn })).toEqual([])
  })

  it('rings the new holder’s phone after a reissue, and nobody’s while the number rests', async () => {
    const former = await mocks.fresh('china-unicom')
    const { msisdn } = former
    await mocks.control('POST', '/life', { msisdn, kind: 'deactivated' })
    expect((await send(message(msisdn))).status).toBe(202)
    expect(await inboxOf({ to: msisdn })).toEqual([])
    const { body } = await mocks.control<{ sim: { imsi: string } }>('POST', '/life', { msisdn, kind: 'reissued' })
    await send(message(msisdn))
    expect((await inboxOf({ to: msisdn })).map(one => one.imsi)).toEqual([body.sim.imsi])
    expect(body.sim.imsi).not.toBe(former.imsi)
  })

  it('throttles a number when told to, and says for how long', async () => {
    await mocks.behave({ assumptions: { 'sms-gateway.per-number-limit': '1-per-minute' } })
    const sim = await mocks.fresh('china-telecom')
    expect((await send(message(sim.msisdn))).status).toBe(202)
    const refused = await send(message(sim.msisdn))
    expect([refused.status, refused.json]).toEqual([429, { error: { code: 'THROTTLED' } }])
    const waitSeconds = Number(refused.headers.get('retry-after'))
    expect(waitSeconds).toBeGreaterThan(0)
    expect(waitSeconds).toBeLessThanOrEqual(60)
    await mocks.control('POST', '/clock', { advanceMs: 60_000 })
    expect((await send(message(sim.msisdn))).status).toBe(202)
  })

  it('gives the texts since a sequence number', async () => {
    const sim = await mocks.fresh('china-mobile')
    await send(message(sim.msisdn))
    const [first] = await inboxOf({ to: sim.msisdn })
    await send(message(sim.msisdn, { params: { code: '654321' } }))
    const later = await inboxOf({ to: sim.msisdn, sinceSeq: first!.seq + 1 })
    expect(later.map(one => one.params.code)).toEqual(['654321'])
  })

  it.each([
    ['no number', { to: undefined }, 400, 'BAD_REQUEST'],
    ['a number that is a number', { to: 13800000000 }, 400, 'BAD_REQUEST'],
    ['a number of another form', { to: '+8613800000000' }, 400, 'BAD_NUMBER'],
    ['a number too long', { to: '138000000001' }, 400, 'BAD_NUMBER'],
    ['a template that does not exist', { template: 'spam' }, 400, 'BAD_REQUEST'],
    ['parameters that are no texts', { params: { code: 123456 } }, 400, 'BAD_REQUEST'],
    ['parameters that are a list', { params: [] }, 400, 'BAD_REQUEST'],
    ['no clientRef', { clientRef: undefined }, 400, 'BAD_REQUEST'],
    ['a clientRef without end', { clientRef: 'x'.repeat(65) }, 400, 'BAD_REQUEST'],
    ['a field it does not know', { priority: 1 }, 400, 'BAD_REQUEST'],
  ])('refuses %s', async (_what, change, status, code) => {
    const refused = await send(message('13800000000', change))
    expect([refused.status, refused.json]).toEqual([status, { error: { code } }])
  })

  it.each([
    ['no key', { authorization: '' }, 'POST', '{}', 401, 'UNAUTHORIZED'],
    ['a wrong key', { authorization: 'Bearer x' }, 'POST', '{}', 401, 'UNAUTHORIZED'],
    ['broken JSON', {}, 'POST', '{"to":', 400, 'BAD_REQUEST'],
    ['a list', {}, 'POST', '[]', 400, 'BAD_REQUEST'],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'POST', 'to=1', 400, 'BAD_REQUEST'],
    ['a body without end', {}, 'POST', 'x'.repeat(70_000), 413, 'TOO_LARGE'],
    ['another method', {}, 'GET', '', 405, 'METHOD_NOT_ALLOWED'],
  ])('refuses %s', async (_what, headers, method, body, status, code) => {
    const refused = await send(body, headers, method)
    expect([refused.status, refused.json]).toEqual([status, { error: { code } }])
  })

  it('says what is wrong with a query', async () => {
    for (const query of [{ to: 1 }, { sinceSeq: -1 }, { number: 'x' }, []]) {
      expect((await mocks.control('POST', '/sms/query', query)).status).toBe(400)
    }
  })
})
