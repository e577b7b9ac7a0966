import { constants, createDecipheriv, createHash, createPrivateKey, privateDecrypt } from 'node:crypto'
import { acs3BodyHash, acs3Signature, acs3StringToSign } from '../../../mocks/wire/alibaba-acs3.ts'
import { chuanglanSign } from '../../../mocks/wire/chuanglan.ts'
import { getuiSign } from '../../../mocks/wire/getui.ts'
import { mobTechSign } from '../../../mocks/wire/mobtech.ts'
import { contentMd5, umengSignature, umengStringToSign } from '../../../mocks/wire/umeng.ts'
import { yidunSign } from '../../../mocks/wire/yidun.ts'
import type { IssuedToken } from '../../../src/contract/journal.ts'
import type { ProviderId } from '../../../src/contract/providers.ts'

/** What a backend does at each aggregator. The signatures are the mocks' own functions: the worked examples hold those. */
export interface AggregatorSide {
  id: ProviderId
  /** Exchanges a token; `spoiled` signs (or names the secret) wrongly. */
  login(env: Record<string, string>, issued: IssuedToken, spoiled?: boolean): Promise<Outcome>
  /** Number check, where there is one. */
  check?(env: Record<string, string>, issued: IssuedToken, msisdn: string): Promise<Outcome>
}

export interface Outcome {
  status: number
  body: unknown
  /** The number, or for a check `true`/`false`; undefined when refused. */
  result: string | boolean | undefined
}

type Json = Record<string, unknown>

async function send(
  url: string,
  body: string,
  headers: Record<string, string>,
  read: (body: Json) => Outcome['result'],
): Promise<Outcome> {
  const response = await fetch(url, { method: 'POST', body, headers })
  const text = await response.text()
  const parsed = text === '' ? {} : (JSON.parse(text) as Json)
  return { status: response.status, body: parsed, result: read(parsed) }
}

const JSON_HEADERS = { 'content-type': 'application/json' }
const FORM_HEADERS = { 'content-type': 'application/x-www-form-urlencoded' }

function rsaOpen(pkcs8Base64: string, sealed: Buffer): string {
  const key = createPrivateKey({ key: Buffer.from(pkcs8Base64, 'base64'), format: 'der', type: 'pkcs8' })
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, sealed).toString()
}

function field(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Json | null | undefined)?.[name], value)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

let nonces = 0
export function freshNonce(): string {
  return String(++nonces).padStart(32, '0')
}

/** An Alibaba RPC call with an ACS3 signature; `change` alters headers after signing. */
export async function alibabaCall(
  url: string,
  env: Record<string, string>,
  action: { name: string; version: string },
  params: Record<string, string>,
  change: {
    secret?: string
    headers?: Record<string, string>
    signedHeaders?: readonly string[]
    after?: Record<string, string>
  } = {},
): Promise<{ status: number; headers: Headers; body: Json }> {
  const headers: Record<string, string> = {
    host: new URL(url).host,
    'x-acs-action': action.name,
    'x-acs-version': action.version,
    'x-acs-date': new Date().toISOString().replace(/\.\d{3}Z/, 'Z'),
    'x-acs-signature-nonce': freshNonce(),
    'x-acs-content-sha256': acs3BodyHash(''),
    ...change.headers,
  }
  const names = change.signedHeaders ?? Object.keys(headers)
  const stringToSign = acs3StringToSign({ method: 'POST', path: '/', query: params, headers, body: '' }, names)
  const signature = acs3Signature(stringToSign, change.secret ?? env.ALIBABA_CLOUD_ACCESS_KEY_SECRET!)
  const authorization = `ACS3-HMAC-SHA256 Credential=${env.ALIBABA_CLOUD_ACCESS_KEY_ID},SignedHeaders=${[...names].sort().join(';')},Signature=${signature}`
  const response = await fetch(`${url}/?${new URLSearchParams(params)}`, {
    method: 'POST',
    headers: { ...headers, authorization, ...change.after },
  })
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
}

const DYPNS = '2017-05-25'

const alibaba: AggregatorSide = {
  id: 'alibaba-dypns',
  async login(env, { token }, spoiled) {
    const action = { name: 'GetMobile', version: DYPNS }
    const { status, body } = await alibabaCall(
      env.DYPNS_URL!,
      env,
      action,
      { AccessToken: token },
      spoiled ? { secret: 'x' } : {},
    )
    return { status, body, result: textOf(field(body, 'GetMobileResultDTO', 'Mobile')) }
  },
  async check(env, { token }, msisdn) {
    const action = { name: 'VerifyMobile', version: DYPNS }
    const { status, body } = await alibabaCall(env.DYPNS_URL!, env, action, { AccessCode: token, PhoneNumber: msisdn })
    const result = field(body, 'GateVerifyResultDTO', 'VerifyResult')
    return { status, body, result: result === undefined ? undefined : result === 'PASS' }
  },
}

function basic(env: Record<string, string>, spoiled = false): Record<string, string> {
  const pair = `${env.JIGUANG_APP_KEY}:${spoiled ? 'x' : env.JIGUANG_MASTER_SECRET}`
  return { ...JSON_HEADERS, authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

const jiguang: AggregatorSide = {
  id: 'jiguang',
  login: (env, { token }, spoiled) =>
    send(
      `${env.JIGUANG_URL}/v1/web/loginTokenVerify`,
      JSON.stringify({ loginToken: token, exID: '1' }),
      basic(env, spoiled),
      body => {
        const sealed = textOf(body.phone)
        return sealed === undefined ? undefined : rsaOpen(env.JIGUANG_PRIVATE_KEY!, Buffer.from(sealed, 'base64'))
      },
    ),
  check: (env, { token }, msisdn) =>
    send(`${env.JIGUANG_URL}/v1/web/verify`, JSON.stringify({ token, phone: Number(msisdn) }), basic(env), body =>
      body.code === 9000 ? true : body.code === 9001 ? false : undefined,
    ),
}

function chuanglanForm(env: Record<string, string>, fields: Record<string, string>, spoiled = false): string {
  const signed = { appId: env.CHUANGLAN_APP_ID!, ...fields }
  return new URLSearchParams({ ...signed, sign: chuanglanSign(signed, spoiled ? 'x' : env.CHUANGLAN_APP_KEY!) }).toString()
}

const chuanglan: AggregatorSide = {
  id: 'chuanglan',
  login: (env, { token }, spoiled) =>
    send(
      `${env.CHUANGLAN_URL}/open/flashsdk/mobile-query`,
      chuanglanForm(env, { token, outId: '' }, spoiled),
      FORM_HEADERS,
      body => {
        const sealed = textOf(field(body, 'data', 'mobileName'))
        if (sealed === undefined) return undefined
        const digest = createHash('md5').update(env.CHUANGLAN_APP_KEY!).digest('hex')
        const decipher = createDecipheriv('aes-128-cbc', digest.slice(0, 16), digest.slice(16))
        return decipher.update(sealed, 'hex', 'utf8') + decipher.final('utf8')
      },
    ),
  check: (env, { token }, mobile) =>
    send(`${env.CHUANGLAN_URL}/open/flashsdk/mobile-validate`, chuanglanForm(env, { token, mobile }), FORM_HEADERS, body => {
      const same = field(body, 'data', 'isVerify')
      return same === undefined ? undefined : same === '1'
    }),
}

/** Chuanglan's login with the number under RSA. */
export function chuanglanByRsa(env: Record<string, string>, { token }: IssuedToken): Promise<Outcome> {
  const form = chuanglanForm(env, { token, encryptType: '1' })
  return send(`${env.CHUANGLAN_URL}/open/flashsdk/mobile-query`, form, FORM_HEADERS, body => {
    const sealed = textOf(field(body, 'data', 'mobileName'))
    return sealed === undefined ? undefined : rsaOpen(env.CHUANGLAN_PRIVATE_KEY!, Buffer.from(sealed, 'hex'))
  })
}

export function mobTechLogin(
  env: Record<string, string>,
  issued: IssuedToken,
  change: Record<string, string> = {},
  secret = env.MOBTECH_APP_SECRET!,
): Promise<Outcome> {
  const signed: Record<string, string> = {
    appkey: env.MOBTECH_APP_KEY!,
    opToken: issued.token,
    timestamp: String(Date.now()),
    ...issued.extra,
    ...change,
  }
  const body = JSON.stringify({ ...signed, sign: mobTechSign(signed, secret) })
  return send(`${env.MOBTECH_URL}/auth/auth/sdkClientFreeLogin`, body, JSON_HEADERS, reply => {
    const sealed = textOf(reply.res)
    if (sealed === undefined) return undefined
    const decipher = createDecipheriv('des-ede3-cbc', env.MOBTECH_APP_SECRET!.slice(0, 8).repeat(3), '00000000')
    return textOf(field(JSON.parse(decipher.update(sealed, 'base64', 'utf8') + decipher.final('utf8')), 'phone'))
  })
}

const mobtech: AggregatorSide = {
  id: 'mobtech',
  login: (env, issued, spoiled) => mobTechLogin(env, issued, {}, spoiled ? 'x' : undefined),
}

export function yidunFields(
  env: Record<string, string>,
  issued: IssuedToken,
  change: Record<string, string> = {},
  secretKey = env.YIDUN_SECRET_KEY!,
): string {
  const signed: Record<string, string> = {
    secretId: env.YIDUN_SECRET_ID!,
    businessId: env.YIDUN_BUSINESS_ID!,
    version: 'v1',
    timestamp: String(Date.now()),
    nonce: freshNonce(),
    token: issued.extra?.token ?? '',
    accessToken: issued.token,
    ...change,
  }
  return new URLSearchParams({ ...signed, signature: yidunSign(signed, secretKey) }).toString()
}

const yidun: AggregatorSide = {
  id: 'yidun',
  login: (env, issued, spoiled) =>
    send(`${env.YIDUN_URL}/v1/oneclick/check`, yidunFields(env, issued, {}, spoiled ? 'x' : undefined), FORM_HEADERS, body =>
      textOf(field(body, 'data', 'phone')),
    ),
  check: (env, issued, phone) => {
    const fields = yidunFields(env, issued, { phone, businessId: env.YIDUN_CHECK_BUSINESS_ID! })
    return send(`${env.YIDUN_URL}/v1/check`, fields, FORM_HEADERS, body => {
      const result = field(body, 'data', 'result')
      return result === 1 ? true : result === 2 ? false : undefined
    })
  },
}

export function getuiLogin(
  env: Record<string, string>,
  issued: IssuedToken,
  version: 'v1' | 'v2',
  spoiled = false,
  timestamp = String(Date.now()),
): Promise<Outcome> {
  const app = {
    appKey: env.GETUI_APP_KEY!,
    appSecret: env.GETUI_APP_SECRET!,
    masterSecret: spoiled ? 'x' : env.GETUI_MASTER_SECRET!,
  }
  const sign = getuiSign(version, app, timestamp)
  const body = { appId: env.GETUI_APP_ID, token: issued.token, timestamp: Number(timestamp), sign, ...issued.extra }
  return send(`${env.GETUI_URL}/${version}/gy/ct_login/gy_get_pn`, JSON.stringify(body), JSON_HEADERS, reply => {
    const pn = textOf(field(reply, 'data', 'data', 'pn'))
    if (pn === undefined || version === 'v1') return pn
    const decipher = createDecipheriv('aes-128-cbc', env.GETUI_MASTER_SECRET!.slice(0, 16), '0'.repeat(16))
    return decipher.update(pn, 'hex', 'utf8') + decipher.final('utf8')
  })
}

const getui: AggregatorSide = { id: 'getui', login: (env, issued, spoiled) => getuiLogin(env, issued, 'v2', spoiled) }

export function umengCall(
  env: Record<string, string>,
  token: string,
  change: { secret?: string; nonce?: string; timestamp?: string; body?: string } = {},
): Promise<Outcome> {
  const body = JSON.stringify({ token })
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/json; charset=UTF-8',
    'content-md5': contentMd5(body),
    'x-ca-key': env.UMENG_CA_KEY!,
    'x-ca-stage': 'RELEASE',
    'x-ca-timestamp': change.timestamp ?? String(Date.now()),
    'x-ca-version': '1',
    'x-ca-nonce': change.nonce ?? freshNonce(),
    'x-ca-signature-headers': 'X-Ca-Key,X-Ca-Stage,X-Ca-Timestamp,X-Ca-Version',
  }
  const path = '/api/v1/mobile/info'
  const query = `appkey=${env.UMENG_APP_KEY}`
  const signature = umengSignature(
    umengStringToSign({ method: 'POST', path, query, headers }),
    change.secret ?? env.UMENG_CA_SECRET!,
  )
  return send(`${env.UMENG_URL}${path}?${query}`, change.body ?? body, { ...headers, 'x-ca-signature': signature }, reply =>
    textOf(field(reply, 'data', 'mobile')),
  )
}

const umeng: AggregatorSide = {
  id: 'umeng',
  login: (env, { token }, spoiled) => umengCall(env, token, spoiled ? { secret: 'x' } : {}),
}

export const AGGREGATOR_SIDES: readonly AggregatorSide[] = [alibaba, jiguang, chuanglan, mobtech, yidun, getui, umeng]
