import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import target from '../../../examples/cookie-shop/onetap.target.ts'
import { CARRIER_IDS } from '../../../src/contract/carriers.ts'
import type { Json } from '../../../src/contract/json.ts'
import { type Bench, credentialOf, freshNumber, granted, openBench } from './bench.ts'
import { serve } from './served.ts'

const FILE = 'examples/cookie-shop/server.ts'
const KEY = 'the shop and its carriers share this'
let bench: Bench

beforeAll(async () => {
  bench = await openBench(target, FILE, { SHOP_REBIND_KEY: KEY, ONETAP_RUN_ID: 'run-1' }, { rebindKey: KEY })
})
afterAll(() => bench.close())
beforeEach(() => {
  bench.carriers.calls.length = 0
  bench.carriers.trouble = undefined
  bench.carriers.singleUse = 'strict'
})

const refusedAs = (code: number) => ({ kind: 'refused', code: String(code) })

describe('one-tap login at the cookie shop', () => {
  it.each(CARRIER_IDS)('works with %s and gives a cookie that stands for the account', async carrier => {
    const login = await bench.login(freshNumber(), carrier)
    const { account } = granted(login.reading)
    expect(account).toMatch(/^u_/)
    expect(bench.carriers.calls).toEqual([{ carrier, token: expect.any(String), signed: true }])
    expect(login.reply.headers['Set-Cookie']).toMatch(/HttpOnly; SameSite=Lax/)
    const me = await bench.send('me', { credential: credentialOf(login) })
    expect(me.reading).toEqual({ kind: 'granted', account })
  })

  it('finds the same account again, and another for another number', async () => {
    const number = freshNumber()
    const first = granted((await bench.login(number)).reading).account
    expect(granted((await bench.login(number)).reading).account).toBe(first)
    expect(granted((await bench.login(freshNumber())).reading).account).not.toBe(first)
  })

  it('never answers with the whole number', async () => {
    const number = freshNumber()
    const login = await bench.login(number)
    const me = await bench.send('me', { credential: credentialOf(login) })
    expect(JSON.stringify([login.reply, me.reply])).not.toContain(number)
    expect(me.reply.body).toContain(`${number.slice(0, 3)}****${number.slice(7)}`)
  })

  it('forgets a session on logout', async () => {
    const credential = credentialOf(await bench.login(freshNumber()))
    expect((await bench.send('logout', { credential })).reading).toEqual({ kind: 'granted' })
    expect((await bench.send('me', { credential })).reading).toEqual(refusedAs(40101))
  })

  it.each<[Json | undefined]>([[undefined], [null], [''], [[]], [{}], [0], ['undefined'], ['A'.repeat(24)]])(
    'refuses the challenge %j without asking a carrier',
    async nonce => {
      const input = await bench.honest(freshNumber())
      const { reading, reply } = await bench.send('oneTap', { ...input, nonce })
      expect(reading.kind).toBe('refused')
      expect(reply.headers['Set-Cookie']).toBeUndefined()
      expect(bench.carriers.calls).toEqual([])
    },
  )

  it.each<[Json | undefined]>([[undefined], [null], [7], [['x']], [''], ['x'], [`STsid${'0'.repeat(5000)}`]])(
    'refuses the malformed access code %j without asking a carrier',
    async token => {
      const { reading } = await bench.send('oneTap', { ...(await bench.honest(freshNumber())), token })
      expect(reading).toEqual(refusedAs(40003))
      expect(bench.carriers.calls).toEqual([])
    },
  )

  it('takes an access code byte for byte', async () => {
    const input = await bench.honest(freshNumber())
    for (const token of [` ${input.token}`, `${input.token}\n`, encodeURIComponent(`${input.token}`).replace('S', '%53')]) {
      expect((await bench.send('oneTap', { ...input, token })).reading.kind).toBe('refused')
    }
    expect(bench.carriers.calls).toEqual([])
  })

  it('refuses an access code that no carrier issued, and another app’s id', async () => {
    const forged = { ...(await bench.honest(freshNumber())), token: `STsid0000001551151128045${'a'.repeat(32)}` }
    expect((await bench.send('oneTap', forged)).reading).toEqual(refusedAs(40103))
    const elsewhere = { ...(await bench.honest(freshNumber())), appId: '10000002' }
    expect((await bench.send('oneTap', elsewhere)).reading).toEqual(refusedAs(40004))
    expect(bench.carriers.calls.length).toBe(1)
  })

  it('lets one of many parallel logins with one challenge in, on one carrier call', async () => {
    const { nonce } = await bench.honest(freshNumber())
    const inputs = await Promise.all(Array.from({ length: 20 }, () => bench.honest(freshNumber())))
    const answers = await Promise.all(inputs.map(input => bench.send('oneTap', { ...input, nonce })))
    expect(answers.filter(answer => answer.reading.kind === 'granted').length).toBe(1)
    expect(bench.carriers.calls.length).toBe(1)
  })

  it('spends an access code once, even when the carrier would take it again', async () => {
    bench.carriers.singleUse = 'lenient'
    const input = await bench.honest(freshNumber())
    expect((await bench.send('oneTap', input)).reading.kind).toBe('granted')
    const again = { ...input, nonce: (await bench.honest(freshNumber())).nonce }
    expect((await bench.send('oneTap', again)).reading).toEqual(refusedAs(40104))
    expect(bench.carriers.calls.length).toBe(1)
  })
})

describe('the cookie shop when a carrier fails', () => {
  const troubles = [
    { kind: 'status', status: 503 },
    { kind: 'status', status: 302 },
    { kind: 'text', text: '<html>' },
    { kind: 'text', text: '{"resultCode":"103000","msisdn":"13800000001"}' },
    { kind: 'system-code' },
    { kind: 'break-off' },
    { kind: 'wrong-number' },
  ] as const

  it.each(CARRIER_IDS.flatMap(carrier => troubles.map(trouble => ({ carrier, trouble }))))(
    'logs nobody in and says so: $carrier, $trouble',
    async ({ carrier, trouble }) => {
      bench.carriers.trouble = trouble
      const { reading, reply } = await bench.login(freshNumber(), carrier)
      expect(reading).toEqual({ kind: 'failed', reason: 'errno 50301' })
      expect(reply.status).toBe(200)
      expect(reply.headers['Set-Cookie']).toBeUndefined()
    },
  )
})

describe('carrier notices at the cookie shop', () => {
  it('unbinds a reissued number and ends its sessions; the new owner gets an own account', async () => {
    const number = freshNumber()
    const former = await bench.login(number)
    const bystander = await bench.login(freshNumber())
    await sleep(5)
    const notice = bench.notice('reissued', number)
    const told = await bench.send('rebind', { notice })
    expect(told.reading).toEqual({ kind: 'granted' })
    expect(told.reply.body).toContain('"applied":true')
    expect((await bench.send('me', { credential: credentialOf(former) })).reading).toEqual(refusedAs(40101))
    expect((await bench.send('me', { credential: credentialOf(bystander) })).reading.kind).toBe('granted')
    const owner = await bench.login(number)
    expect(granted(owner.reading).account).not.toBe(granted(former.reading).account)
    // Delivered again, it must not cut the new owner.
    expect((await bench.send('rebind', { notice })).reply.body).toContain('"applied":false')
    expect((await bench.send('me', { credential: credentialOf(owner) })).reading.kind).toBe('granted')
  })

  it('acts on an event id once, whatever the repeat says', async () => {
    const number = freshNumber()
    const notice = bench.notice('sim-replaced', number)
    await bench.send('rebind', { notice })
    const holder = await bench.login(number)
    await sleep(5)
    const repeat = bench.notice('reissued', number, { eventId: notice.eventId })
    expect((await bench.send('rebind', { notice: repeat })).reply.body).toContain('"applied":false')
    expect((await bench.send('me', { credential: credentialOf(holder) })).reading.kind).toBe('granted')
  })

  it('leaves a binding made after the event alone, however late the notice comes', async () => {
    const number = freshNumber()
    const occurredAt = new Date(Date.now() - 5).toISOString()
    const owner = await bench.login(number)
    expect((await bench.send('rebind', { notice: bench.notice('reissued', number, { occurredAt }) })).reading.kind).toBe(
      'granted',
    )
    expect((await bench.send('me', { credential: credentialOf(owner) })).reading.kind).toBe('granted')
  })

  it.each(['sim-replaced', 'ported'] as const)('keeps account and session when the number is %s', async kind => {
    const number = freshNumber()
    const before = await bench.login(number)
    await sleep(5)
    const fields = kind === 'ported' ? { toCarrier: 'china-telecom' as const } : {}
    expect((await bench.send('rebind', { notice: bench.notice(kind, number, fields) })).reading.kind).toBe('granted')
    expect((await bench.send('me', { credential: credentialOf(before) })).reading.kind).toBe('granted')
    const after = await bench.login(number, kind === 'ported' ? 'china-telecom' : 'china-mobile')
    expect(granted(after.reading).account).toBe(granted(before.reading).account)
  })

  it('takes no notice that is unsigned, signed with another key, over other bytes, or old', async () => {
    const number = freshNumber()
    const { reading } = await bench.login(number)
    expect(reading.kind).toBe('granted')
    await sleep(5)
    const now = Date.now()
    const form = (sentAt: number) =>
      `event_id=e${sentAt}&type=REISSUE&phone=${number}&op=CM&happened_at=${now}&seq=1&sent_at=${sentAt}`
    const sign = (key: string, text: string) => `sha256=${createHmac('sha256', key).update(text).digest('hex')}`
    const attempts: [string, string | undefined][] = [
      [form(now), undefined],
      [form(now), sign('another key', form(now))],
      [form(now), sign(KEY, `${form(now)}&`)],
      [form(now - 600_000), sign(KEY, form(now - 600_000))],
    ]
    for (const [body, signature] of attempts) {
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        ...(signature === undefined ? {} : { 'x-shop-sign': signature }),
      }
      const response = await fetch(`${bench.served.url}/shop/carrier-notice`, { method: 'POST', headers, body })
      expect(await response.json()).toMatchObject({ errno: 40301 })
    }
    expect(granted((await bench.login(number)).reading).account).toBe(granted(reading).account)
  })
})

describe('the cookie shop’s dialect', () => {
  it.each([
    [40001, 'POST', '/shop/login', 'application/json', '{"auth":'],
    [40001, 'POST', '/shop/login', 'application/json', '[]'],
    [
      40001,
      'POST',
      '/shop/login',
      'application/json',
      '{"auth":{"op":"CM","app":"10000001","access_code":"x"},"phone":"13800000001"}',
    ],
    [41501, 'POST', '/shop/login', 'text/plain', '{}'],
    [41301, 'POST', '/shop/login', 'application/json', `{"pad":"${'x'.repeat(200_000)}"}`],
    [40001, 'POST', '/shop/login', 'application/json', Buffer.from([0x7b, 0xff, 0x7d])],
    [40001, 'POST', '/shop/challenge', 'application/x-www-form-urlencoded', 'purpose=login&purpose=login'],
    [40001, 'POST', '/shop/challenge', 'application/x-www-form-urlencoded', ''],
    [40401, 'POST', '/nowhere', 'application/json', '{}'],
    [40401, 'POST', '/shop/profile', 'application/json', '{}'],
  ])('answers HTTP 200 and error number %i to bad input: %s %s %s', async (errno, method, path, type, body) => {
    const response = await fetch(bench.served.url + path, { method, headers: { 'content-type': type }, body })
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ errno, errmsg: expect.any(String), data: {} })
  })

  it('tells the run it was started for', async () => {
    const response = await fetch(`${bench.served.url}/__onetap/identity`)
    expect(await response.json()).toMatchObject({ runId: 'run-1', name: 'cookie-shop' })
  })

  it('knows nothing of the harness when told so, and ends cleanly on SIGTERM', async () => {
    const plain = await serve(FILE, { SHOP_NO_IDENTITY: '1', ONETAP_RUN_ID: 'run-1' })
    const response = await fetch(`${plain.url}/__onetap/identity`)
    expect(await response.json()).toEqual({ errno: 40401, errmsg: expect.any(String), data: {} })
    expect(await plain.stop()).toBe(0)
  })

  it('refuses to start with half a carrier, and says which half', async () => {
    await expect(serve(FILE, { CMCC_URL: 'http://127.0.0.1:1' })).rejects.toThrow(
      'ended with 2: cookie-shop cannot start: CMCC_APP_ID is not set',
    )
  })
})
