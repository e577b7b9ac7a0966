import { type KeyObject, verify } from 'node:crypto'
import { mintAuthCode, type TokenClaims } from '../../src/contract/token.ts'
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
import { telecomMessage, telecomRefusalCode } from './china-telecom-codes.ts'
import { encryptFor, type RsaPair } from './rsa.ts'
import { formFields, type StringFields, text } from './string-fields.ts'
import { xxteaDecrypt } from './xxtea.ts'

export interface TelecomApp extends ProviderApp {
  appSecret: string
  /** The secret as XXTEA takes it. */
  teaKey: Uint32Array
  partner: RsaPair
}

const CLOCK_TOLERANCE_MS = 5 * 60_000

interface Codes {
  accessCode: string
  authCode: string
}

/** `/auth/sdkcodeinfo.do`: token and authCode in, number out under the partner's RSA key ([S11]). */
export function sdkcodeinfo(apps: ReadonlyMap<string, TelecomApp>, ports: DialectPorts): Operation {
  return {
    name: 'sdkcodeinfo',
    path: '/auth/sdkcodeinfo.do',
    read: call => {
      const fields = fieldsOf(call)
      return fields === undefined ? unreadable() : reading(fields, apps, ports)
    },
  }
}

function fieldsOf(call: Call): StringFields | undefined {
  if (call.unreadable !== undefined) return undefined
  if (call.method === 'GET') return formFields(call.query)
  if (call.method !== 'POST' || !call.contentType.startsWith('application/x-www-form-urlencoded')) return undefined
  return formFields(call.body)
}

function unreadable(): Reading {
  return { token: '', appId: '', signature: 'absent', settle: () => refuse('51002'), systemError: () => refuse('-99999') }
}

function reading(fields: StringFields, apps: ReadonlyMap<string, TelecomApp>, ports: DialectPorts): Reading {
  const appId = text(fields, 'appId')
  const app = apps.get(appId)
  const signature = signatureOf(fields, app)
  const codes = app === undefined ? undefined : codesOf(text(fields, 'params'), app)
  const complete =
    ['appId', 'timeStamp', 'params', 'sign'].every(name => text(fields, name) !== '') && text(fields, 'format') === 'json'
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (!complete) return refuse('51002')
    if (app === undefined) return refuse('-20006')
    if (!timely(text(fields, 'timeStamp'), ports.wallMs())) return refuse('-30001')
    if (signature !== 'ok') return refuse('-20005')
    if (codes === undefined) return refuse('-20102')
    if (codes.accessCode === '' || codes.authCode === '') return refuse('51002')
    if (claims !== undefined && codes.authCode !== mintAuthCode(ports.seed, claims.tokenIndex)) return refuse('51114')
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse(telecomRefusalCode(redemption.kind))
    const data = encryptFor(app.partner.publicKey, `{"mobile":"${redemption.msisdn}","state":""}`)
    return charged('0', `{"result":"0","msg":"success","data":"${data.toString('hex').toUpperCase()}"}`, true)
  }
  return { token: codes?.accessCode ?? '', appId, signature, settle, systemError: () => refuse('-99999') }
}

function codesOf(params: string, app: TelecomApp): Codes | undefined {
  if (!/^([0-9a-f]{8})+$/.test(params)) return undefined
  const plain = xxteaDecrypt(Buffer.from(params, 'hex'), app.teaKey)
  const fields = plain === undefined ? undefined : formFields(plain.toString('latin1'))
  return fields === undefined ? undefined : { accessCode: text(fields, 'accessCode'), authCode: text(fields, 'authCode') }
}

function timely(timeStamp: string, wallMs: number): boolean {
  return /^\d{13}$/.test(timeStamp) && Math.abs(Number(timeStamp) - wallMs) <= CLOCK_TOLERANCE_MS
}

function signatureOf(fields: StringFields, app: TelecomApp | undefined): Reading['signature'] {
  if (text(fields, 'sign') === '') return 'absent'
  return app !== undefined && telecomSignHolds(fields, app.partner.publicKey) ? 'ok' : 'bad'
}

/** SHA1withRSA over `appId + format + params + timeStamp`, hex. */
export function telecomSignHolds(fields: StringFields, publicKey: KeyObject): boolean {
  const sign = text(fields, 'sign')
  const signed = text(fields, 'appId') + text(fields, 'format') + text(fields, 'params') + text(fields, 'timeStamp')
  return /^[0-9A-Fa-f]+$/.test(sign) && verify('sha1', Buffer.from(signed), publicKey, Buffer.from(sign, 'hex'))
}

function refuse(code: string): Answer {
  return refusal(code, `{"result":"${code}","msg":"${telecomMessage(code)}","data":""}`)
}
