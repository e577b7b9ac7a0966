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
  /** The secret as XXTEA takes it, by the answers to `xxtea-key`. */
  teaKeys: Readonly<Record<string, Uint32Array>>
  partner: RsaPair
}

/** How far `timeStamp` may be off, by the answers to `time-window`. */
const WINDOWS_MS: Readonly<Record<string, number>> = {
  '5-minutes': 5 * 60_000,
  '15-minutes': 15 * 60_000,
  none: Number.POSITIVE_INFINITY,
}

interface Codes {
  accessCode: string
  authCode: string
}

type Apps = ReadonlyMap<string, TelecomApp>

/** `/auth/sdkcodeinfo.do`: token and authCode in, number out under the partner's RSA key ([S11]). */
export function sdkcodeinfo(apps: Apps, ports: DialectPorts): Operation {
  return operation('sdkcodeinfo', apps, ports)
}

/** `/auth/h5codeinfo.do`: its sister for pages. No authCode, and the accessCode stands beside the parameters as well ([S12]). */
export function h5codeinfo(apps: Apps, ports: DialectPorts): Operation {
  return operation('h5codeinfo', apps, ports)
}

type Name = 'sdkcodeinfo' | 'h5codeinfo'

function operation(name: Name, apps: Apps, ports: DialectPorts): Operation {
  return {
    name,
    path: `/auth/${name}.do`,
    read: call => {
      const fields = fieldsOf(call)
      return fields === undefined ? unreadable(ports) : reading(name, fields, apps, ports)
    },
  }
}

function fieldsOf(call: Call): StringFields | undefined {
  if (call.unreadable !== undefined) return undefined
  if (call.method === 'GET') return formFields(call.query)
  if (call.method !== 'POST' || !call.contentType.startsWith('application/x-www-form-urlencoded')) return undefined
  return formFields(call.body)
}

function unreadable(ports: DialectPorts): Reading {
  return {
    token: '',
    appId: '',
    signature: 'absent',
    settle: () => refuse('51002', ports),
    systemError: () => refuse('-99999', ports),
  }
}

function reading(name: Name, fields: StringFields, apps: Apps, ports: DialectPorts): Reading {
  const appId = text(fields, 'appId')
  const app = apps.get(appId)
  const signature = signatureOf(fields, app, ports)
  const codes = app === undefined ? undefined : codesOf(text(fields, 'params'), app, ports)
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (!isComplete(fields)) return refuse('51002', ports)
    if (app === undefined) return refuse('-20006', ports)
    const trouble = requestTrouble(fields, signature, ports) ?? codeTrouble(name, fields, codes)
    if (trouble !== undefined) return refuse(trouble, ports)
    const isOwnAuthCode =
      name === 'h5codeinfo' || claims === undefined || codes?.authCode === mintAuthCode(ports.seed, claims.tokenIndex)
    if (!isOwnAuthCode) return refuse(ports.assume('dead-token'), ports)
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse(telecomRefusalCode(redemption.kind, ports.assume('dead-token')), ports)
    return charged('0', `{"result":"0","msg":"success","data":"${sealed(redemption.msisdn, app, ports)}"}`, true)
  }
  return {
    token: codes?.accessCode ?? '',
    appId,
    signature,
    settle,
    systemError: () => refuse('-99999', ports),
    throttled: () => refuse('-10008', ports),
    ipRefused: () => refuse('-10004', ports),
  }
}

function isComplete(fields: StringFields): boolean {
  return ['appId', 'timeStamp', 'params', 'sign'].every(name => text(fields, name) !== '') && text(fields, 'format') === 'json'
}

/** The order of the two is assumed. */
function requestTrouble(fields: StringFields, signature: Reading['signature'], ports: DialectPorts): string | undefined {
  const byTime = timely(text(fields, 'timeStamp'), ports) ? undefined : '-30001'
  const bySign = signature === 'ok' ? undefined : '-20005'
  return ports.assume('check-order') === 'signature-first' ? (bySign ?? byTime) : (byTime ?? bySign)
}

function codeTrouble(name: Name, fields: StringFields, codes: Codes | undefined): string | undefined {
  if (codes === undefined) return '-20102'
  if (codes.accessCode === '' || (name === 'sdkcodeinfo' && codes.authCode === '')) return '51002'
  const beside = text(fields, 'accessCode')
  return name === 'h5codeinfo' && beside !== '' && beside !== codes.accessCode ? '-20102' : undefined
}

function codesOf(params: string, app: TelecomApp, ports: DialectPorts): Codes | undefined {
  const key = app.teaKeys[ports.assume('xxtea-key')]
  if (key === undefined || !/^([0-9a-f]{8})+$/.test(params)) return undefined
  const plain = xxteaDecrypt(Buffer.from(params, 'hex'), key)
  const fields = plain === undefined ? undefined : formFields(plain.toString('latin1'))
  return fields === undefined ? undefined : { accessCode: text(fields, 'accessCode'), authCode: text(fields, 'authCode') }
}

function timely(timeStamp: string, ports: DialectPorts): boolean {
  const windowMs = WINDOWS_MS[ports.assume('time-window')] ?? 0
  return /^\d{13}$/.test(timeStamp) && Math.abs(Number(timeStamp) - ports.wallMs()) <= windowMs
}

function sealed(msisdn: string, app: TelecomApp, ports: DialectPorts): string {
  const plain = ports.assume('data-layout') === 'form' ? `mobile=${msisdn}&state=` : `{"mobile":"${msisdn}","state":""}`
  const block = encryptFor(app.partner.publicKey, plain)
  return ports.assume('data-encoding') === 'base64' ? block.toString('base64') : block.toString('hex').toUpperCase()
}

function signatureOf(fields: StringFields, app: TelecomApp | undefined, ports: DialectPorts): Reading['signature'] {
  const sign = text(fields, 'sign')
  if (sign === '') return 'absent'
  if (app === undefined || (ports.assume('sign-case') === 'upper' && /[a-f]/.test(sign))) return 'bad'
  return telecomSignHolds(fields, app.partner.publicKey) ? 'ok' : 'bad'
}

/** SHA1withRSA over `appId + format + params + timeStamp`, hex. */
export function telecomSignHolds(fields: StringFields, publicKey: KeyObject): boolean {
  const sign = text(fields, 'sign')
  const signed = text(fields, 'appId') + text(fields, 'format') + text(fields, 'params') + text(fields, 'timeStamp')
  return /^[0-9A-Fa-f]+$/.test(sign) && verify('sha1', Buffer.from(signed), publicKey, Buffer.from(sign, 'hex'))
}

/** Which codes of the list this interface itself gives is not known. */
function refuse(listed: string, ports: DialectPorts): Answer {
  const code = ports.assume('failure-codes') === 'listed' ? listed : '-10001'
  return refusal(code, `{"result":"${code}","msg":"${telecomMessage(code)}","data":""}`)
}
