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
import { basicCredentials } from './basic-auth.ts'
import { encryptFor, type RsaPair } from './rsa.ts'
import { jsonObject } from './string-fields.ts'

/** `appId` is Jiguang's appKey. */
export interface JiguangApp extends ProviderApp {
  masterSecret: string
  customer: RsaPair
}

type Apps = ReadonlyMap<string, JiguangApp>

/** Wording as in the vendor's code list ([S23]); that of 1802 and 1804 is ours. */
const CONTENTS: Record<string, string> = {
  '8000': 'get phone success',
  '8001': 'get phone fail',
  '9000': 'verify consistent',
  '9001': 'verify not consistent',
  '9003': 'token expired or not exist',
  '9010': 'miss auth',
  '9011': 'auth failed',
  '1802': 'auth failed',
  '1804': 'qps limit',
  '9012': 'parameter invalid',
  '9013': 'request method not supported',
  '9015': 'http media type not supported',
  '9099': 'bad server',
}

/** `POST /v1/web/loginTokenVerify`: token in, number out under the customer's RSA key ([S23], [S24]). */
export function loginTokenVerify(apps: Apps, ports: DialectPorts): Operation {
  return {
    name: 'loginTokenVerify',
    path: '/v1/web/loginTokenVerify',
    read: call =>
      reading(call, apps, ports, 'loginToken', (app, fields, claims) => {
        const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
        if (redemption.kind !== 'ok') return refuse('8001', fields, ports)
        const phone = encryptFor(app.customer.publicKey, redemption.msisdn).toString('base64')
        return charged('8000', render('8000', fields, { phone, id: idOf(redemption.claims.tokenIndex) }), true)
      }),
  }
}

/** `POST /v1/web/verify`: is this number the device's own? ([S23], [S24]) */
export function verifyNumber(apps: Apps, ports: DialectPorts): Operation {
  return {
    name: 'verify',
    path: '/v1/web/verify',
    read: call =>
      reading(call, apps, ports, 'token', (app, fields, claims) => {
        const phone = phoneOf(fields.phone)
        if (phone === undefined) return refuse('9012', fields, ports)
        const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'verify', nowMs: ports.nowMs() })
        if (redemption.kind !== 'ok') return refuse('9003', fields, ports)
        const code = phone === redemption.msisdn ? '9000' : '9001'
        return charged(code, render(code, fields, { id: idOf(redemption.claims.tokenIndex) }), code === '9000')
      }),
  }
}

type Fields = Readonly<Record<string, unknown>>
type Settle = (app: JiguangApp, fields: Fields, claims: TokenClaims | undefined) => Answer

function reading(call: Call, apps: Apps, ports: DialectPorts, tokenName: string, settle: Settle): Reading {
  const credentials = basicCredentials(call.headers.authorization)
  const app = credentials === undefined ? undefined : apps.get(credentials.user)
  const proven = app !== undefined && credentials?.password === app.masterSecret ? app : undefined
  const fields = (call.unreadable === undefined ? jsonObject(call.body) : undefined) ?? {}
  const token = fields[tokenName]
  return {
    token: typeof token === 'string' ? token : '',
    appId: credentials?.user ?? '',
    signature: proven !== undefined ? 'ok' : call.headers.authorization === undefined ? 'absent' : 'bad',
    settle: claims => {
      if (call.method !== 'POST') return refuse('9013', fields, ports)
      if (!call.contentType.startsWith('application/json')) return refuse('9015', fields, ports)
      if (call.headers.authorization === undefined) return refuse('9010', fields, ports)
      if (proven === undefined) return refuse(ports.assume('wrong-secret'), fields, ports)
      if (typeof token !== 'string' || token === '') return refuse('9012', fields, ports)
      return settle(proven, fields, claims)
    },
    systemError: () => refuse('9099', fields, ports),
    throttled: () => refuse('1804', fields, ports),
  }
}

/** The vendor's sample sends the number as a JSON number. */
function phoneOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && /^1\d{10}$/.test(text) ? text : undefined
}

/** Digits of an int64 above 2^53, as in the vendor's sample: written as text, because a number would lose some. */
function idOf(tokenIndex: number): string {
  return String(117_270_465_679_982_592n + BigInt(tokenIndex))
}

function render(code: string, fields: Fields, more: { phone?: string; id?: string }): string {
  const id = more.id === undefined ? '' : `"id":${more.id},`
  const exID = typeof fields.exID === 'string' ? `,"exID":${JSON.stringify(fields.exID)}` : ''
  const phone = more.phone === undefined ? '' : `,"phone":"${more.phone}"`
  return `{${id}"code":${code},"content":"${CONTENTS[code] ?? ''}"${exID}${phone}}`
}

function refuse(code: string, fields: Fields, ports: DialectPorts): Answer {
  return { ...refusal(code, render(code, fields, {})), httpStatus: Number(ports.assume('http-status')) }
}
