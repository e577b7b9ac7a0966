import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DialectPorts } from '../../../mocks/dialect.ts'
import { parts } from '../../../mocks/parts.ts'
import type { JournalTotals } from '../../../src/contract/journal.ts'
import { PROVIDER_IDS, type ProviderId } from '../../../src/contract/providers.ts'
import { mobileLogin } from './backend-side.ts'
import { keptConnection, type RawReply, type RawRequest, rawRequest } from './raw-client.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

/** Enough of the mocks' inside for a part to tell its routes. */
const NOWHERE = {
  seed: 1,
  teller: {},
  lives: { onEvent: () => undefined },
  keep: (_name: string, memory: unknown) => memory,
  assume: () => '',
} as unknown as DialectPorts

interface Route {
  provider: ProviderId
  name: string
  path: string
}

/** Every route there is, of the parts themselves: a new one is held to this without a word. */
const ROUTES: Route[] = []
for (const part of parts) {
  const { operations } = await part.open(NOWHERE)
  for (const { name, path } of operations) ROUTES.push({ provider: part.id, name, path: path.replaceAll(/:\w+/g, 'x') })
}

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const TEN_MEGABYTES = 10 * 1024 * 1024

const typed = (type: string, body: Buffer | string, more: RawRequest['headers'] = {}): RawRequest => ({
  headers: { 'content-type': type, ...more },
  body,
})

const DEEP = `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`
const FIELD = '{"token":"x","token":"y","appid":"z","appid":"z"}'

const INPUTS: readonly (readonly [what: string, RawRequest])[] = [
  ...['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'POST'].map(method => [method, { method }] as const),
  ...['text/xml', 'multipart/form-data', 'nonsense', '', `${JSON_TYPE}; charset=utf-16`].map(
    type => [`type ${type}`, typed(type, '{}')] as const,
  ),
  ['no type at all', { body: '{"token":"x"}' }],
  ['two types', { headers: { 'content-type': [JSON_TYPE, FORM_TYPE] }, body: '{}' }],
  ['missing fields', typed(JSON_TYPE, '{}')],
  ['missing form fields', typed(FORM_TYPE, '')],
  ['duplicate fields', typed(JSON_TYPE, FIELD)],
  ['duplicate form fields', typed(FORM_TYPE, 'token=x&token=y&appId=1&appId=2&sign=a&sign=b')],
  ['a form of thousands', typed(FORM_TYPE, Array.from({ length: 4000 }, (_, i) => `f${i}=1`).join('&'))],
  ['broken JSON', typed(JSON_TYPE, '{"token":')],
  ['no object', typed(JSON_TYPE, '[1]')],
  ['null', typed(JSON_TYPE, 'null')],
  ['values of wrong types', typed(JSON_TYPE, '{"token":{"a":[1]},"appid":7,"header":[],"body":null}')],
  ['a prototype', typed(JSON_TYPE, '{"__proto__":{"token":"x"},"constructor":{"prototype":1}}')],
  ['a form of a prototype', typed(FORM_TYPE, '__proto__=1&constructor=2&toString=3')],
  ['deep nesting', typed(JSON_TYPE, DEEP)],
  ['UTF-16', typed(JSON_TYPE, Buffer.from('{"token":"x"}', 'utf16le'))],
  ['bytes that are no text', typed(JSON_TYPE, Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x80, 0x7d]))],
  ['a byte order mark', typed(JSON_TYPE, '\uFEFF{"token":"x"}')],
  ['broken percent signs', typed(FORM_TYPE, 'token=%&sign=%zz&appId=%c3')],
  ['gzip', typed(JSON_TYPE, gzipSync('{"token":"x"}'), { 'content-encoding': 'gzip' })],
  ['an unknown encoding', typed(JSON_TYPE, '{}', { 'content-encoding': 'made-up' })],
  ['chunks', { ...typed(JSON_TYPE, '{"token":"x"}'), chunked: true }],
  ['a strange Authorization', typed(JSON_TYPE, '{}', { authorization: 'Basic \u00ff:::=' })],
  ['seventy thousand bytes', typed(JSON_TYPE, `{"token":"${'x'.repeat(70_000)}"}`)],
  ['ten megabytes', typed(JSON_TYPE, Buffer.alloc(TEN_MEGABYTES, 0x20))],
  ['ten megabytes of form in chunks', { ...typed(FORM_TYPE, Buffer.alloc(TEN_MEGABYTES, 0x61)), chunked: true }],
]

type Json = Record<string, unknown> | undefined

function jsonOf(text: string): Json {
  const unwrapped = /^callback\( (.*) \);\n$/s.exec(text)?.[1] ?? text
  try {
    return JSON.parse(unwrapped) as Json
  } catch {
    return undefined
  }
}

const hasPage = ({ status, headers }: RawReply) =>
  status < 500 && (String(headers['content-type']).startsWith('text/html') || status === 302)

/** Whether a refusal is in the provider's own documented words, and no success. */
const OWN_WORDS: Readonly<Record<ProviderId, (json: Json, reply: RawReply) => boolean>> = {
  'china-mobile': json =>
    /^(1034\d\d|1032\d\d|1031\d\d|103811)$/.test(String(json?.resultCode)) ||
    /^(102|302|303|606)$/.test(String((json?.header as Json)?.resultCode)),
  'china-unicom': json => [1001, 1002, 1003].includes(Number(json?.code)),
  'china-telecom': json => ['51002', '-20006', '-30001', '-20005'].includes(String(json?.result)) && json?.data === '',
  'alibaba-dypns': (json, { status }) => status >= 400 && /^(Missing|Invalid|Unsupported|Signature)/.test(String(json?.Code)),
  'alibaba-dytns': (json, { status }) => status >= 400 && /^(Missing|Invalid|Unsupported|Signature)/.test(String(json?.Code)),
  jiguang: json => [9010, 9011, 9012, 9013, 9015].includes(Number(json?.code)),
  chuanglan: json => ['400001', '400901', '403000'].includes(String(json?.code)) && json?.data === null,
  mobtech: json => json?.status === 4_119_301 && json.res === null,
  yidun: json => [400, 401, 405].includes(Number(json?.code)),
  getui: json => ['40004', '40005', '40032'].includes(String((json?.data as Json)?.result)),
  umeng: (_json, { status, headers }) => status === 400 && /^Invalid/.test(String(headers['x-ca-error-message'])),
  camara: (json, reply) =>
    (json?.status === reply.status && typeof json.code === 'string' && typeof json.message === 'string') ||
    typeof json?.error === 'string' ||
    'issuer' in (json ?? {}) ||
    'keys' in (json ?? {}) ||
    hasPage(reply),
  'sms-gateway': (json, { status }) => [400, 401, 405, 413].includes(status) && typeof (json?.error as Json)?.code === 'string',
  weibo: (json, reply) => (reply.status === 400 && typeof json?.error_code === 'number') || hasPage(reply),
  qq: (json, reply) => typeof json?.error === 'number' || Number(json?.ret) < 0 || hasPage(reply),
  wechat: (json, reply) => Number(json?.errcode) !== 0 || hasPage(reply),
  netease: (json, reply) => typeof json?.error === 'string' || hasPage(reply),
}

let mocks: StartedMocks
beforeAll(async () => {
  mocks = await startedMocks({ providers: PROVIDER_IDS })
})
afterAll(() => mocks.close())

describe.each(ROUTES)('$provider $path', ({ provider, path }) => {
  it('answers every bad input in the provider’s own words, on a new connection and on a used one, and gives nothing out', async () => {
    const before = (await mocks.control<JournalTotals>('GET', '/journal/totals')).body
    const used = keptConnection()
    try {
      for (const [what, input] of INPUTS) {
        const ways = [
          await rawRequest(mocks.url(provider) + path, input, false),
          await rawRequest(mocks.url(provider) + path, input, used),
        ]
        for (const reply of ways) {
          const own = input.method === 'HEAD' ? reply.status < 500 : OWN_WORDS[provider](jsonOf(reply.text), reply)
          expect([own, reply.status < 500], `${what}: ${reply.status} ${reply.text.slice(0, 300)}`).toEqual([true, true])
        }
        expect(ways[1]?.status, what).toBe(ways[0]?.status)
      }
    } finally {
      used.destroy()
    }
    const after = (await mocks.control<JournalTotals>('GET', '/journal/totals')).body
    expect([after.redeemed, after.billed]).toEqual([before.redeemed, before.billed])
    expect(after.calls - before.calls).toBe(2 * INPUTS.length)
  })
})

describe('a body that comes slowly', () => {
  let patient: StartedMocks
  beforeAll(async () => {
    patient = await startedMocks({ carriers: ['china-mobile'], requestPatienceMs: 400 })
  })
  afterAll(() => patient.close())

  const PATH = '/unisdk/rsapi/loginTokenValidate'
  const honest = async () => {
    const env = patient.ready.environment
    return JSON.stringify(mobileLogin(env, (await patient.token(await patient.fresh('china-mobile'))).token))
  }

  it('is waited for, on a new connection and on a used one', async () => {
    const used = keptConnection()
    for (const agent of [false, used, used] as const) {
      const request = { ...typed(JSON_TYPE, await honest()), dripMs: 100 }
      expect(jsonOf((await rawRequest(patient.url('china-mobile') + PATH, request, agent)).text)).toMatchObject({
        resultCode: '103000',
      })
    }
    used.destroy()
  })

  it('and never ends is given up with 408, and the mock goes on', async () => {
    const { hostname, port } = new URL(patient.url('china-mobile'))
    const said = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(`POST ${PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: 100\r\n\r\n{"token":`)
      })
      let text = ''
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    expect(said).toMatch(/^HTTP\/1\.1 408 /)
    const reply = await rawRequest(patient.url('china-mobile') + PATH, typed(JSON_TYPE, await honest()), false)
    expect(jsonOf(reply.text)).toMatchObject({ resultCode: '103000' })
  })
})
