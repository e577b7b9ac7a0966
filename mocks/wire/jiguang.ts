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
import { basicCredentials } from './basic-auth.ts'
import { NumberPace, type OverPace, type Pace } from './number-pace.ts'
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
  '9005': 'interval for the number too short',
  '9006': 'daily limit of the number',
  '9007': 'daily limit of the appKey',
  '9010': 'miss auth',
  '9011': 'auth failed',
  '1802': 'auth failed',
  '1803': 'no permission',
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
        if (redemption.kind !== 'ok') return refuse(refusalCode(redemption.kind, ports.assume('dead-login-token'), ports), fields)
        const phone = encryptFor(app.customer.publicKey, redemption.msisdn).toString('base64')
        return charged('8000', render('8000', fields, { phone, id: idOf(redemption.claims.tokenIndex) }), true)
      }),
  }
}

/** Tries of a number check ([S24]); 2019 had 50,000 for the app. */
const PACE: Pace = { intervalMs: 30_000, perNumberAndDay: 10, perAppAndDay: 500_000 }
const OVER_PACE: Readonly<Record<OverPace, string>> = { interval: '9005', number: '9006', app: '9007' }

/** `POST /v1/web/verify`: is this number the device's own? ([S23], [S24]) */
export function verifyNumber(apps: Apps, ports: DialectPorts): Operation {
  const tries = ports.keep('tries for numbers', new NumberPace())
  const overPace = ({ appId }: JiguangApp, phone: string): string | undefined => {
    if (ports.assume('pace') === 'none') return undefined
    const over = tries.trouble(PACE, appId, phone, ports.nowMs())
    return over === undefined ? undefined : OVER_PACE[over]
  }
  return {
    name: 'verify',
    path: '/v1/web/verify',
    read: call =>
      reading(call, apps, ports, 'token', (app, fields, claims) => {
        const phone = phoneOf(fields.phone)
        if (phone === undefined) return refuse('9012', fields)
        const over = overPace(app, phone)
        if (over !== undefined) return refuse(over, fields)
        const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'verify', nowMs: ports.nowMs() })
        if (redemption.kind !== 'ok') return refuse(refusalCode(redemption.kind, '9003', ports), fields)
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
      if (call.method !== 'POST') return refuse('9013', fields)
      if (!call.contentType.startsWith('application/json')) return refuse('9015', fields)
      if (call.headers.authorization === undefined) return refuse('9010', fields)
      if (proven === undefined) return refuse(ports.assume('wrong-secret'), fields)
      if (typeof token !== 'string' || token === '') return refuse('9012', fields)
      return settle(proven, fields, claims)
    },
    systemError: () => refuse('9099', fields),
    throttled: () => refuse('1804', fields),
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

function refusalCode(kind: Exclude<Redemption['kind'], 'ok'>, dead: string, ports: DialectPorts): string {
  return kind === 'wrong-app' && ports.assume('foreign-token') !== 'as-dead' ? '1803' : dead
}

function refuse(code: string, fields: Fields): Answer {
  return refusal(code, render(code, fields, {}))
}
