import { constants, createCipheriv, createHash, createHmac, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SentSms {
  to: string
  template: string
  code: string
}

interface OutsideCall {
  /** `sms`, `weibo`, `alibaba`, … */
  who: string
  /** The fake's own check of signature, key and form. */
  signed: boolean
  fields: Record<string, string>
}

export type Provider = 'weibo' | 'qq' | 'wechat' | 'netease'
export type Aggregator = 'alibaba' | 'jiguang' | 'chuanglan' | 'mobtech'

/** SMS gateway, providers, aggregators and the subscriber service on one loopback port, written from the documents alone. */
export interface FakeOutside {
  environment: Record<string, string>
  calls: OutsideCall[]
  sms: SentSms[]
  /** What the subscriber service says of a number: its `VerifyResult`, an error code, or HTTP trouble. Default `2`, the same. */
  subscribers: Map<string, string>
  /** When a number was last issued, in place of an answer: compared with the time asked about. */
  reissuedAtMs: Map<string, number>
  /** What Alibaba answers instead of a number. */
  alibabaCode: string | undefined
  /** A new credential of a user at a provider, made for an app. */
  credential(provider: Provider, user: string, app?: 'ours' | 'foreign'): string
  /** A new token of an aggregator that stands for the number. */
  token(aggregator: Aggregator, msisdn: string): string
  /** Makes the server answer with this status instead. */
  status: number | undefined
  close(): Promise<void>
}

const customer = generateKeyPairSync('rsa', { modulusLength: 1024 })
const CLOUD_SECRET = 'testsecret'
export const OUR_APP = '300001'

interface Asked {
  path: string
  query: Record<string, string>
  headers: IncomingHttpHeaders
  body: string
}

interface World {
  fake: FakeOutside
  /** Credential -> user and app. */
  people: Map<string, { user: string; app: string }>
  /** Aggregator and token -> number. */
  numbers: Map<string, string>
}

export async function startFakeOutside(): Promise<FakeOutside> {
  const world: World = { fake: undefined as unknown as FakeOutside, people: new Map(), numbers: new Map() }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '', 'http://fake')
      const asked = {
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      const { status, json } = world.fake.status === undefined ? answer(world, asked) : { status: world.fake.status, json: {} }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  world.fake = {
    environment: environmentFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    calls: [],
    sms: [],
    subscribers: new Map(),
    reissuedAtMs: new Map(),
    status: undefined,
    alibabaCode: undefined,
    credential: (provider, user, app = 'ours') => {
      const credential = `${provider}-${randomBytes(8).toString('hex')}`
      world.people.set(credential, { user, app: app === 'ours' ? OUR_APP : '300002' })
      return credential
    },
    token: (aggregator, msisdn) => {
      const token = randomBytes(16).toString('hex')
      world.numbers.set(`${aggregator}:${token}`, msisdn)
      return token
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
  return world.fake
}

function environmentFor(url: string): Record<string, string> {
  return {
    SMS_URL: url,
    SMS_API_KEY: 'sms-key',
    WEIBO_URL: url,
    WEIBO_APP_KEY: OUR_APP,
    QQ_URL: url,
    QQ_APP_ID: OUR_APP,
    WECHAT_URL: url,
    WECHAT_APP_ID: OUR_APP,
    WECHAT_APP_SECRET: 'wechat-secret',
    NETEASE_URL: url,
    NETEASE_APP_KEY: OUR_APP,
    DYTNS_URL: url,
    DYTNS_AUTH_CODE: 'auth-code',
    DYPNS_URL: url,
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'testid',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: CLOUD_SECRET,
    JIGUANG_URL: url,
    JIGUANG_APP_KEY: 'jg-app',
    JIGUANG_MASTER_SECRET: 'jg-secret',
    JIGUANG_PRIVATE_KEY: customer.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    CHUANGLAN_URL: url,
    CHUANGLAN_APP_ID: 'cl-app',
    CHUANGLAN_APP_KEY: 'tQ9sWfLm',
    MOBTECH_URL: url,
    MOBTECH_APP_KEY: 'mob-app',
    MOBTECH_APP_SECRET: '9abee3166111d9ff607feb9f2c496338',
  }
}

function answer(world: World, asked: Asked): { status: number; json: unknown } {
  const ok = (json: unknown): { status: number; json: unknown } => ({ status: 200, json })
  switch (asked.path) {
    case '/v1/messages':
      return takeSms(world, asked)
    case '/oauth2/get_token_info':
      return weibo(world, asked)
    case '/oauth2.0/me': {
      const who = note(world, 'qq', asked.query.fmt === 'json', asked.query).get(asked.query.access_token ?? '')
      return ok(who ? { client_id: who.app, openid: who.user, unionid: `UID_${who.user}` } : { error: 100016 })
    }
    case '/open/oauth2/getUserInfo.do': {
      const who = note(world, 'netease', true, asked.query).get(asked.query.access_token ?? '')
      return ok(who ? { userId: who.user, appKey: who.app, username: 'x' } : { error: 'invalid_token' })
    }
    case '/sns/oauth2/access_token': {
      const { appid, secret, code = '' } = asked.query
      const who = note(world, 'wechat', secret === 'wechat-secret', asked.query).get(code)
      world.people.delete(code)
      if (who === undefined || who.app !== appid) return ok({ errcode: 40029, errmsg: 'invalid code' })
      return ok({ access_token: 'wx-token', expires_in: 7200, openid: who.user, unionid: `UID_${who.user}` })
    }
    case '/v1/web/loginTokenVerify':
      return ok(jiguang(world, asked))
    case '/open/flashsdk/mobile-query':
      return ok(chuanglan(world, asked))
    case '/auth/auth/sdkClientFreeLogin':
      return ok(mobtech(world, asked))
    case '/':
      return ok(asked.headers['x-acs-action'] === undefined ? subscriber(world, asked) : alibaba(world, asked))
    default:
      return { status: 404, json: {} }
  }
}

function note(world: World, who: string, signed: boolean, fields: Record<string, string>): World['people'] {
  world.fake.calls.push({ who, signed, fields })
  return world.people
}

function takeSms({ fake }: World, { headers, body }: Asked) {
  const message = JSON.parse(body)
  fake.calls.push({ who: 'sms', signed: headers.authorization === 'Bearer sms-key', fields: message })
  fake.sms.push({ to: message.to, template: message.template, code: message.params.code })
  return { status: 202, json: { messageId: '1' } }
}

function weibo(world: World, { body }: Asked) {
  const fields = Object.fromEntries(new URLSearchParams(body))
  const who = note(world, 'weibo', true, fields).get(fields.access_token ?? '')
  if (who === undefined) return { status: 400, json: { error: 'invalid_access_token', error_code: 21332 } }
  return { status: 200, json: { uid: Number(who.user), appkey: who.app, scope: '', create_at: 1, expire_in: 100 } }
}

function numberOf({ numbers }: World, aggregator: string, token: string): string | undefined {
  const number = numbers.get(`${aggregator}:${token}`)
  numbers.delete(`${aggregator}:${token}`)
  return number
}

function jiguang(world: World, { headers, body }: Asked) {
  const { loginToken } = JSON.parse(body)
  const signed = headers.authorization === `Basic ${Buffer.from('jg-app:jg-secret').toString('base64')}`
  note(world, 'jiguang', signed, { loginToken })
  const number = numberOf(world, 'jiguang', loginToken)
  if (number === undefined) return { code: 8001, content: 'get phone fail' }
  const sealed = publicEncrypt({ key: customer.publicKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(number))
  return { id: 1, code: 8000, content: 'get phone success', phone: sealed.toString('base64') }
}

function chuanglan(world: World, { body }: Asked) {
  const { sign, ...fields } = Object.fromEntries(new URLSearchParams(body)) as Record<string, string>
  const text = Object.keys(fields)
    .sort()
    .map(name => name + fields[name])
    .join('')
  note(world, 'chuanglan', sign === createHmac('sha256', 'tQ9sWfLm').update(text).digest('hex'), fields)
  const number = numberOf(world, 'chuanglan', fields.token ?? '')
  if (number === undefined) return { code: '500003', chargeStatus: 0, message: 'failed', data: null }
  const hash = createHash('md5').update('tQ9sWfLm').digest('hex')
  const cipher = createCipheriv('aes-128-cbc', hash.slice(0, 16), hash.slice(16))
  const mobileName = cipher.update(number, 'utf8', 'hex') + cipher.final('hex')
  return { code: '200000', chargeStatus: 1, message: 'ok', data: { tradeNo: '1', mobileName } }
}

function mobtech(world: World, { headers, body }: Asked) {
  const { sign, ...fields } = JSON.parse(body)
  const text = Object.keys(fields)
    .sort()
    .map(name => `${name}=${fields[name]}`)
    .join('&')
  const secret = '9abee3166111d9ff607feb9f2c496338'
  const signed =
    sign ===
      createHash('md5')
        .update(text + secret)
        .digest('hex') && headers.appkey === 'mob-app'
  note(world, 'mobtech', signed, fields)
  const number = numberOf(world, 'mobtech', fields.opToken)
  if (number === undefined) return { status: 4119310, res: null, error: 'token' }
  const cipher = createCipheriv('des-ede3-cbc', '9abee3169abee3169abee316', '00000000')
  const res = cipher.update(JSON.stringify({ isValid: 1, phone: number, valid: true }), 'utf8', 'base64') + cipher.final('base64')
  return { error: null, res, seqid: '1', status: 200 }
}

function alibaba(world: World, { query, headers }: Asked) {
  const action = String(headers['x-acs-action'])
  const names = Object.keys(headers)
    .filter(name => name.startsWith('x-acs-') || name === 'host')
    .sort()
  const empty = createHash('sha256').update('').digest('hex')
  const lines = names.map(name => `${name}:${headers[name]}\n`).join('')
  const canonical = `POST\n/\n${encoded(query)}\n${lines}\n${names.join(';')}\n${empty}`
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`
  const signature = createHmac('sha256', CLOUD_SECRET).update(toSign).digest('hex')
  const expected = `ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=${names.join(';')},Signature=${signature}`
  note(world, 'alibaba', headers.authorization === expected && headers['x-acs-version'] === '2017-05-25', { ...query, action })
  const { alibabaCode } = world.fake
  if (alibabaCode !== undefined) return { Code: alibabaCode, Message: '', RequestId: '1' }
  const number = numberOf(world, 'alibaba', query.AccessToken ?? query.AccessCode ?? '')
  if (number === undefined) return { Code: 'isv.TOKEN_INVALID', Message: 'expired', RequestId: '1' }
  if (action === 'GetMobile') return { Code: 'OK', Message: 'ok', RequestId: '1', GetMobileResultDTO: { Mobile: number } }
  const VerifyResult = query.PhoneNumber === number ? 'PASS' : 'REJECT'
  return { Code: 'OK', Message: 'ok', RequestId: '1', GateVerifyResultDTO: { VerifyResult, VerifyId: '1' } }
}

function subscriber(world: World, { query }: Asked) {
  const { Signature: given, ...signedFields } = query
  const toSign = `POST&%2F&${escaped(encoded(signedFields))}`
  const expected = createHmac('sha1', `${CLOUD_SECRET}&`).update(toSign).digest('base64')
  const shaped = query.Version === '2020-02-17' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(query.StartTime ?? '')
  note(world, 'subscriber', given === expected && shaped && query.AuthCode === 'auth-code', query)
  const reissuedAtMs = world.fake.reissuedAtMs.get(query.InputNumber ?? '')
  const sinceMs = Date.parse(`${query.StartTime?.replace(' ', 'T')}+08:00`)
  const known = reissuedAtMs === undefined ? undefined : reissuedAtMs > sinceMs ? '1' : '2'
  const said = known ?? world.fake.subscribers.get(query.InputNumber ?? '') ?? '2'
  if (!/^\d$/.test(said)) return { Code: said, Message: 'no', RequestId: '1' }
  return { Code: 'OK', Message: 'ok', RequestId: '1', Data: { Carrier: 'CMCC', VerifyResult: Number(said) } }
}

function encoded(fields: Record<string, string>): string {
  return Object.keys(fields)
    .sort()
    .map(name => `${escaped(name)}=${escaped(fields[name] ?? '')}`)
    .join('&')
}

function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}
