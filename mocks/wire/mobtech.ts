import { createCipheriv, hash } from 'node:crypto'
import type { TokenClaims } from '../../src/contract/token.ts'
import {
  type Answer,
  type Call,
  charged,
  type DialectPorts,
  type Operation,
  type ProviderApp,
  type Reading,
  refusal,
} from '../dialect.ts'
import type { Redemption } from '../teller.ts'
import { OPERATOR_NAMES } from './aggregated-operator.ts'
import { companionOf } from './companion.ts'
import { jsonObject, type StringFields, text } from './string-fields.ts'
import { isTimely, windowMs } from './timely.ts'

/** `appId` is MobTech's appkey. */
export interface MobTechApp extends ProviderApp {
  appSecret: string
}

/** Codes of [S34]; English wording is ours, the signature's is the vendor's. */
const MESSAGES: Record<string, string> = {
  '4119301': 'data check failed',
  '4119302': 'no data',
  '4119310': 'token not found',
  '4119311': 'token illegal',
  '4119330': 'app not initialised',
  '4119342': '签名错误',
  '4119343': 'timestamp illegal',
  '5119105': 'service error',
  '5119501': 'unknown operator',
  '5119511': 'per-minute limit of the appkey',
}

/** `POST /auth/auth/sdkClientFreeLogin`: the app's token and the carrier's token in, number out under DES. */
export function sdkClientFreeLogin(apps: ReadonlyMap<string, MobTechApp>, ports: DialectPorts): Operation {
  const clientToken = companionOf(ports.seed, 'mobtech token')
  return {
    name: 'sdkClientFreeLogin',
    path: '/auth/auth/sdkClientFreeLogin',
    read: call => reading(call, apps, ports, clientToken),
  }
}

function reading(
  call: Call,
  apps: ReadonlyMap<string, MobTechApp>,
  ports: DialectPorts,
  clientToken: (tokenIndex: number) => string,
): Reading {
  const fields = fieldsOf(call)
  const appkey = text(fields ?? {}, 'appkey')
  const app = apps.get(appkey)
  const sign = text(fields ?? {}, 'sign')
  const holds = fields !== undefined && app !== undefined && sign === mobTechSign(fields, app.appSecret)
  const signature = sign === '' ? 'absent' : holds ? 'ok' : 'bad'
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (fields === undefined || REQUIRED.some(name => text(fields, name) === '')) return refuse('4119301')
    if (ports.assume('appkey-header') === 'required' && call.headers.appkey !== appkey) return refuse('4119301')
    if (app === undefined) return refuse('4119330')
    if (signature !== 'ok') return refuse('4119342')
    if (!isTimely(text(fields, 'timestamp'), ports.wallMs(), windowMs(ports.assume('time-window')))) return refuse('4119343')
    if (!OPERATORS.includes(text(fields, 'operator'))) return refuse('5119501')
    if (claims !== undefined && text(fields, 'operator') !== OPERATOR_NAMES[claims.carrier]) return refuse('4119301')
    if (
      claims !== undefined &&
      ports.assume('token-pair') === 'checked' &&
      text(fields, 'token') !== clientToken(claims.tokenIndex)
    )
      return refuse('4119310')
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse(refusalCode(redemption.kind, ports))
    const res = sealPhone(`{"isValid":1,"phone":"${redemption.msisdn}","valid":true}`, app.appSecret)
    return charged('200', JSON.stringify({ error: null, res, seqid: `${redemption.claims.tokenIndex}`, status: 200 }), true)
  }
  return {
    token: text(fields ?? {}, 'opToken'),
    appId: appkey,
    signature,
    settle,
    systemError: () => refuse('5119105'),
    throttled: () => refuse('5119511'),
  }
}

const OPERATORS: readonly string[] = Object.values(OPERATOR_NAMES)
const REQUIRED = ['appkey', 'token', 'opToken', 'operator', 'timestamp', 'sign']

/** JSON whose values are texts, or whole numbers for the timestamp. */
function fieldsOf(call: Call): StringFields | undefined {
  if (call.method !== 'POST' || call.unreadable !== undefined || !call.contentType.startsWith('application/json'))
    return undefined
  const entries = Object.entries(jsonObject(call.body) ?? {})
  if (!entries.every(([, value]) => typeof value === 'string' || Number.isSafeInteger(value))) return undefined
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** Lower-case `MD5("k1=v1&k2=v2…" + appSecret)` over all other fields in the order of their names. */
export function mobTechSign(fields: StringFields, appSecret: string): string {
  const { sign: _unsigned, ...signed } = fields
  const joined = Object.keys(signed)
    .sort()
    .map(name => `${name}=${text(signed, name)}`)
    .join('&')
  return hash('md5', joined + appSecret, 'hex')
}

/**
 * DES-CBC, base64: key = first 8 characters of the secret, IV = eight ASCII zeros. OpenSSL 3 no longer has DES, but triple DES
 * with one key three times is the same.
 */
export function sealPhone(plain: string, appSecret: string): string {
  const cipher = createCipheriv('des-ede3-cbc', appSecret.slice(0, 8).repeat(3), '00000000')
  return cipher.update(plain, 'utf8', 'base64') + cipher.final('base64')
}

function refusalCode(kind: Exclude<Redemption['kind'], 'ok'>, ports: DialectPorts): string {
  return kind === 'wrong-app' || kind === 'wrong-purpose' ? '4119311' : ports.assume('dead-token')
}

function refuse(code: string): Answer {
  return refusal(code, JSON.stringify({ status: Number(code), res: null, error: MESSAGES[code] ?? '' }))
}
