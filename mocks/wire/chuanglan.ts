import { createCipheriv, createHmac, hash } from 'node:crypto'
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
import { encryptFor, type RsaPair } from './rsa.ts'
import { formFields, type StringFields, text } from './string-fields.ts'

export interface ChuanglanApp extends ProviderApp {
  appKey: string
  /** Opens `mobileName` when the backend asks with encryptType 1. */
  customer: RsaPair
}

type Apps = ReadonlyMap<string, ChuanglanApp>

/** Codes of [S25]-[S30]; English wording is ours, but for the capability. */
const MESSAGES: Record<string, string> = {
  '200000': 'success',
  '400001': 'parameter check failed',
  '400101': 'merchant missing',
  '400102': 'merchant IP not legal',
  '400201': 'phone empty',
  '400901': 'account missing',
  '403000': 'user check failed',
  '500000': 'system error',
  '500003': 'business operation failed',
  '500004': 'remote call failed',
}

/** `POST /open/flashsdk/mobile-query`: token in, number out under AES or RSA. */
export function mobileQuery(apps: Apps, ports: DialectPorts): Operation {
  return {
    name: 'mobile-query',
    path: '/open/flashsdk/mobile-query',
    read: call =>
      reading(call, apps, ports, (app, fields, claims) => {
        const rsa = text(fields, 'encryptType') === '1'
        if (!['', '0', '1'].includes(text(fields, 'encryptType'))) return refuse('400001')
        if (!rsa && ports.assume('registered-key') === 'rsa-only') return refuse('400001')
        const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
        if (redemption.kind !== 'ok') return refuseToken(redemption.kind, ports)
        const mobileName = rsa
          ? encryptFor(app.customer.publicKey, redemption.msisdn).toString('hex')
          : sealNumber(redemption.msisdn, app.appKey)
        return give({ tradeNo: tradeNo(redemption.claims, ports), mobileName }, true)
      }),
  }
}

/** `POST /open/flashsdk/mobile-validate`: is this number the device's own? */
export function mobileValidate(apps: Apps, ports: DialectPorts): Operation {
  return {
    name: 'mobile-validate',
    path: '/open/flashsdk/mobile-validate',
    read: call =>
      reading(call, apps, ports, (app, fields, claims) => {
        const mobile = text(fields, 'mobile')
        if (mobile === '') return refuse('400201')
        const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'verify', nowMs: ports.nowMs() })
        if (redemption.kind !== 'ok') return refuseToken(redemption.kind, ports)
        const same = mobile === redemption.msisdn
        return give({ tradeNo: tradeNo(redemption.claims, ports), isVerify: same ? '1' : '0' }, same)
      }),
  }
}

type Settle = (app: ChuanglanApp, fields: StringFields, claims: TokenClaims | undefined) => Answer

function reading(call: Call, apps: Apps, ports: DialectPorts, settle: Settle): Reading {
  const fields = fieldsOf(call)
  const appId = text(fields ?? {}, 'appId')
  const app = apps.get(appId)
  const sign = text(fields ?? {}, 'sign')
  const given = ports.assume('sign-case') === 'either' ? sign.toLowerCase() : sign
  const holds = fields !== undefined && app !== undefined && given === chuanglanSign(fields, app.appKey)
  const signature = sign === '' ? 'absent' : holds ? 'ok' : 'bad'
  return {
    token: text(fields ?? {}, 'token'),
    appId,
    signature,
    settle: claims => {
      if (fields === undefined || appId === '' || sign === '' || text(fields, 'token') === '') return refuse('400001')
      if (app === undefined) return refuse(ports.assume('unknown-app'))
      return signature === 'ok' ? settle(app, fields, claims) : refuse(ports.assume('bad-sign'))
    },
    systemError: () => refuse('500000'),
    ipRefused: () => refuse('400102'),
  }
}

/** A form; one public client sends the same fields in the query of an empty POST. */
function fieldsOf(call: Call): StringFields | undefined {
  if (call.method !== 'POST' || call.unreadable !== undefined) return undefined
  if (call.body === '') return formFields(call.query)
  return call.contentType.startsWith('application/x-www-form-urlencoded') ? formFields(call.body) : undefined
}

/** Hex HMAC-SHA256 with appKey over `name1value1name2value2`, all but `sign`, names sorted, empty values too. */
export function chuanglanSign(fields: StringFields, appKey: string): string {
  const { sign: _unsigned, ...signed } = fields
  const joined = Object.keys(signed)
    .sort()
    .map(name => name + text(signed, name))
    .join('')
  return createHmac('sha256', appKey).update(joined).digest('hex')
}

/** AES-128-CBC, PKCS#7, hex; key and IV are the two halves of md5(appKey) as text. */
export function sealNumber(msisdn: string, appKey: string): string {
  const digest = hash('md5', appKey, 'hex')
  const cipher = createCipheriv('aes-128-cbc', digest.slice(0, 16), digest.slice(16))
  return cipher.update(msisdn, 'utf8', 'hex') + cipher.final('hex')
}

function tradeNo(claims: TokenClaims, ports: DialectPorts): string {
  return `${ports.wallMs()}${claims.tokenIndex}`
}

function give(data: object, redeemed: boolean): Answer {
  return charged('200000', JSON.stringify({ code: '200000', chargeStatus: 1, message: MESSAGES['200000'], data }), redeemed)
}

function refuseToken(kind: Exclude<Redemption['kind'], 'ok'>, ports: DialectPorts): Answer {
  return refuse(ports.assume('dead-token'), kind === 'wrong-purpose' ? 'capability does not match' : undefined)
}

function refuse(code: string, message = MESSAGES[code] ?? ''): Answer {
  return refusal(code, JSON.stringify({ code, chargeStatus: 0, message, data: null }))
}
