import { createHmac, hash } from 'node:crypto'
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
import { SeenNonces } from './seen-nonces.ts'
import { formFields, jsonObject, text } from './string-fields.ts'
import { isTimely } from './timely.ts'

/** `appId` is Umeng's appkey; `caKey` and `caSecret` belong to the API gateway in front. */
export interface UmengApp extends ProviderApp {
  caKey: string
  caSecret: string
}

/** `X-Ca-Timestamp` holds 15 minutes, and a nonce may not come again within them ([S43]). */
const WINDOW_MS = 15 * 60_000

/** `POST /api/v1/mobile/info?appkey=…`: token in, number out in the clear, behind Alibaba's API gateway. */
export function mobileInfo(apps: readonly UmengApp[], ports: DialectPorts): Operation {
  const nonces = ports.keep('nonces', new SeenNonces(WINDOW_MS))
  return { name: 'mobile/info', path: '/api/v1/mobile/info', read: call => reading(call, apps, ports, nonces) }
}

function reading(call: Call, apps: readonly UmengApp[], ports: DialectPorts, nonces: SeenNonces): Reading {
  const caKey = header(call, 'x-ca-key')
  const app = apps.find(one => one.caKey === caKey)
  const given = header(call, 'x-ca-signature')
  const holds =
    app !== undefined &&
    header(call, 'content-md5') === contentMd5(call.body) &&
    given === umengSignature(umengStringToSign(call), app.caSecret)
  const signature = given === '' ? 'absent' : holds ? 'ok' : 'bad'
  const token = call.unreadable === undefined ? jsonObject(call.body)?.token : undefined
  const appkey = text(formFields(call.query) ?? {}, 'appkey')
  const settle = (claims: TokenClaims | undefined): Answer => {
    const status = Number(ports.assume('gateway-status'))
    if (call.method !== 'POST' || call.unreadable !== undefined) return gatewayRefusal(status, 'Invalid Request')
    if (app === undefined) return gatewayRefusal(status, 'Invalid AppKey')
    if (!isTimely(header(call, 'x-ca-timestamp'), ports.wallMs(), WINDOW_MS)) return gatewayRefusal(status, 'Invalid Timestamp')
    if (signature !== 'ok') return gatewayRefusal(status, 'Invalid Signature')
    const nonce = header(call, 'x-ca-nonce')
    if (!nonceWanted(call, nonce, ports.assume('nonce'))) return gatewayRefusal(status, 'Invalid Nonce')
    if (nonce !== '' && !nonces.isNew(`${caKey} ${nonce}`, ports.wallMs())) return gatewayRefusal(status, 'Nonce Used')
    if (appkey !== app.appId) return refuse('appkey unknown')
    if (typeof token !== 'string' || token === '') return refuse('token empty')
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse('token invalid')
    return charged('true', JSON.stringify({ success: true, data: { mobile: redemption.msisdn } }), true)
  }
  return {
    token: typeof token === 'string' ? token : '',
    appId: appkey,
    signature,
    settle,
    systemError: () => refuse('system error'),
    throttled: () => gatewayRefusal(403, 'Throttled by USER Flow Control'),
  }
}

function nonceWanted(call: Call, nonce: string, rule: string): boolean {
  if (rule === 'optional') return true
  if (nonce === '') return false
  return rule === 'required' || /(^|,)\s*x-ca-nonce\s*(,|$)/i.test(header(call, 'x-ca-signature-headers'))
}

function header(call: Pick<Call, 'headers'>, name: string): string {
  return String(call.headers[name] ?? '')
}

export function contentMd5(body: string): string {
  return hash('md5', body, 'base64')
}

/**
 * Method, Accept, Content-MD5, Content-Type and Date, a line each, then each header named in `X-Ca-Signature-Headers` as
 * `Name:value` in name order, then path and query. The vendor's own sample leaves the nonce out of that list.
 */
export function umengStringToSign({ method, path, query, headers }: Pick<Call, 'method' | 'path' | 'query' | 'headers'>): string {
  const read = (name: string): string => header({ headers }, name.toLowerCase())
  const names = read('x-ca-signature-headers')
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
    .sort()
  const lines = [method, read('accept'), read('content-md5'), read('content-type'), read('date')]
  const signed = names.map(name => `${name}:${read(name)}\n`).join('')
  return `${lines.join('\n')}\n${signed}${path}${query === '' ? '' : `?${query}`}`
}

export function umengSignature(stringToSign: string, caSecret: string): string {
  return createHmac('sha256', caSecret).update(stringToSign).digest('base64')
}

/** Refused before Umeng sees it: the gateway says why in a header. */
function gatewayRefusal(httpStatus: number, why: string): Answer {
  return {
    httpStatus,
    contentType: 'text/plain; charset=utf-8',
    body: '',
    headers: { 'x-ca-error-message': why },
    resultCode: why,
    redeemed: false,
    billed: false,
  }
}

function refuse(message: string): Answer {
  return refusal('false', JSON.stringify({ success: false, message }))
}
