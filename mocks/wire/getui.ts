import { createCipheriv, hash } from 'node:crypto'
import { exhaustive } from '../../src/contract/json.ts'
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
import { companionOf } from './companion.ts'
import { jsonObject, type StringFields, text } from './string-fields.ts'
import { isTimely, windowMs } from './timely.ts'

export interface GetuiApp extends ProviderApp {
  appKey: string
  appSecret: string
  masterSecret: string
}

/** v1 gives the number in the clear and signs with appKey; v2 encrypts it and signs with appSecret. */
export type GetuiVersion = 'v1' | 'v2'

/** Codes of [S39]; English wording is ours. */
const MESSAGES: Record<string, string> = {
  '20000': '成功',
  '40004': 'app invalid',
  '40005': 'appid empty',
  '40026': 'signature error',
  '40031': 'IP limited',
  '40032': 'parameter error',
  '40033': 'too fast',
  '40039': 'token empty',
  '40040': 'token invalid',
  '40041': 'token expired',
  '40047': 'get number failed',
  '40050': 'token expired',
  '40044': 'sign check failed',
  '60008': 'sign failed',
  '50000': 'other error',
}

/** `POST /v1/gy/ct_login/gy_get_pn` or `/v2/…`: token in, number out. The token is not signed. */
export function getPhoneNumber(version: GetuiVersion, apps: ReadonlyMap<string, GetuiApp>, ports: DialectPorts): Operation {
  const gyuidOf = companionOf(ports.seed, 'getui gyuid')
  return {
    name: `gy_get_pn ${version}`,
    path: `/${version}/gy/ct_login/gy_get_pn`,
    read: call => reading(version, call, apps, ports, gyuidOf),
  }
}

function reading(
  version: GetuiVersion,
  call: Call,
  apps: ReadonlyMap<string, GetuiApp>,
  ports: DialectPorts,
  gyuidOf: (tokenIndex: number) => string,
): Reading {
  const fields = fieldsOf(call)
  const appId = text(fields ?? {}, 'appId')
  const app = apps.get(appId)
  const sign = text(fields ?? {}, 'sign')
  const timestamp = text(fields ?? {}, 'timestamp')
  const holds = app !== undefined && sign === getuiSign(version, app, timestamp)
  const signature = sign === '' ? 'absent' : holds ? 'ok' : 'bad'
  const mayBeUnsigned = version === 'v1' && ports.assume('unsigned-v1') === 'accepted'
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (fields === undefined) return refuse(ports, '40032')
    if (appId === '') return refuse(ports, '40005')
    if (app === undefined) return refuse(ports, '40004')
    if (text(fields, 'token') === '') return refuse(ports, '40039')
    if (!gyuidHolds(text(fields, 'gyuid'), claims, ports.assume('gyuid'), gyuidOf)) return refuse(ports, '40032')
    if (!(signature === 'absent' && mayBeUnsigned)) {
      if (signature !== 'ok') return refuse(ports, ports.assume('bad-sign'))
      if (!isTimely(timestamp, ports.wallMs(), windowMs(ports.assume('time-window'))))
        return refuse(ports, ports.assume('bad-sign'))
    }
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse(ports, refusalCode(redemption.kind, ports))
    const pn = version === 'v1' ? redemption.msisdn : sealPn(redemption.msisdn, app.masterSecret)
    return charged('20000', render('20000', { pn }), true)
  }
  return {
    token: text(fields ?? {}, 'token'),
    appId,
    signature,
    settle,
    systemError: () => refuse(ports, '50000'),
    throttled: () => refuse(ports, '40033'),
    ipRefused: () => refuse(ports, '40031'),
  }
}

/** The SDK's device id, which travels beside the token; whether anybody compares it is not said. */
function gyuidHolds(
  gyuid: string,
  claims: TokenClaims | undefined,
  rule: string,
  gyuidOf: (tokenIndex: number) => string,
): boolean {
  if (rule === 'optional') return true
  if (gyuid === '') return false
  return rule === 'present' || claims === undefined || gyuid === gyuidOf(claims.tokenIndex)
}

/** JSON whose values are texts, or whole numbers for the timestamp. */
function fieldsOf(call: Call): StringFields | undefined {
  if (call.method !== 'POST' || call.unreadable !== undefined || !call.contentType.startsWith('application/json'))
    return undefined
  const object = jsonObject(call.body)
  if (object === undefined) return undefined
  const entries = Object.entries(object)
  if (!entries.every(([, value]) => typeof value === 'string' || Number.isSafeInteger(value))) return undefined
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

/** Lower-case `SHA256(appKey + timestamp + masterSecret)`; v2 takes appSecret instead of appKey. */
export function getuiSign(version: GetuiVersion, app: Omit<GetuiApp, 'appId' | 'appIndex'>, timestamp: string): string {
  return hash('sha256', (version === 'v1' ? app.appKey : app.appSecret) + timestamp + app.masterSecret, 'hex')
}

/** AES-128-CBC, PKCS#7, hex; IV = sixteen ASCII zeros, key = masterSecret repeated and cut to 16 characters. */
export function sealPn(msisdn: string, masterSecret: string): string {
  const key = masterSecret.repeat(Math.ceil(16 / masterSecret.length)).slice(0, 16)
  const cipher = createCipheriv('aes-128-cbc', key, '0'.repeat(16))
  return cipher.update(msisdn, 'utf8', 'hex') + cipher.final('hex')
}

function refusalCode(kind: Exclude<Redemption['kind'], 'ok'>, ports: DialectPorts): string {
  switch (kind) {
    case 'expired':
      return ports.assume('expired-token')
    case 'unknown':
    case 'used':
    case 'wrong-app':
    case 'wrong-purpose':
    case 'former-holder':
    case 'ported-away':
      return ports.assume('dead-token')
    default:
      return exhaustive(kind)
  }
}

function render(code: string, data: object | undefined, errno = 0): string {
  const inner = { result: code, msg: MESSAGES[code] ?? '', ...(data === undefined ? {} : { data }) }
  return JSON.stringify({ errno, data: inner })
}

/** Only a success is shown anywhere; `errno` may be about the transport alone or repeat the code. */
function refuse(ports: DialectPorts, code: string): Answer {
  return refusal(code, render(code, undefined, ports.assume('errno') === '0' ? 0 : Number(code)))
}
