import { hash, verify } from 'node:crypto'
import type { TokenClaims } from '../../src/contract/token.ts'
import type { ChinaMobileApp } from '../carriers/china-mobile.ts'
import { type Answer, type Call, charged, type DialectPorts, type Operation, type Reading, refusal } from '../dialect.ts'
import { beijingTime17 } from './beijing-time.ts'
import { chinaMobileRefusalCode, isTokenShaped } from './china-mobile-tokens.ts'
import { encryptFor } from './rsa.ts'
import { jsonObject, onlyStrings, type StringFields, text } from './string-fields.ts'

/** `POST /unisdk/rsapi/loginTokenValidate`: token in, full number out ([S1]). */
export function loginTokenValidate(apps: ReadonlyMap<string, ChinaMobileApp>, ports: DialectPorts): Operation {
  return {
    name: 'loginTokenValidate',
    path: '/unisdk/rsapi/loginTokenValidate',
    read: call => {
      const fields = fieldsOf(call)
      return typeof fields === 'string' ? unreadable(fields, ports) : reading(fields, apps, ports)
    },
  }
}

function fieldsOf(call: Call): StringFields | string {
  if (call.method !== 'POST' || call.unreadable !== undefined || call.body === '') return '103412'
  if (!call.contentType.startsWith('application/json')) return '103211'
  return onlyStrings(jsonObject(call.body)) ?? '103211'
}

function unreadable(code: string, ports: DialectPorts): Reading {
  return {
    token: '',
    appId: '',
    signature: 'absent',
    settle: () => refuse(code, '', ports),
    systemError: () => refuse('103413', '', ports),
  }
}

function reading(fields: StringFields, apps: ReadonlyMap<string, ChinaMobileApp>, ports: DialectPorts): Reading {
  const token = text(fields, 'token')
  const appId = text(fields, 'appid')
  const msgid = text(fields, 'msgid')
  const app = apps.get(appId)
  const rsa = text(fields, 'encryptionalgorithm') === 'RSA' // anything else means MD5
  const signature = signatureOf(fields, app, rsa)
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (!wellFormed(fields)) return refuse('103414', msgid, ports)
    if (app === undefined) return refuse('103119', msgid, ports)
    if (signature !== 'ok') return refuse('103101', msgid, ports)
    if (token === '') return refuse('103811', msgid, ports)
    if (!isTokenShaped(token)) return refuse('103113', msgid, ports)
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse(chinaMobileRefusalCode(redemption.kind), msgid, ports)
    const msisdn = rsa ? encryptFor(app.partner.publicKey, redemption.msisdn).toString('hex') : redemption.msisdn
    return grant(msisdn, redemption.claims.tokenIndex, msgid, ports)
  }
  return {
    token,
    appId,
    signature,
    settle,
    systemError: () => refuse('103413', msgid, ports),
    ipRefused: () => refuse('103511', msgid, ports),
  }
}

function wellFormed(fields: StringFields): boolean {
  const strict = text(fields, 'strictcheck')
  const idLength = text(fields, 'msgid').length
  return (
    text(fields, 'version') === '2.0' &&
    idLength >= 1 &&
    idLength <= 36 &&
    /^\d{17}$/.test(text(fields, 'systemtime')) &&
    (strict === '0' || strict === '1')
  )
}

function signatureOf(fields: StringFields, app: ChinaMobileApp | undefined, rsa: boolean): Reading['signature'] {
  const sign = text(fields, 'sign')
  if (sign === '') return 'absent'
  if (app === undefined) return 'bad'
  const good = rsa ? rsaSignHolds(fields, app) : sign === md5Sign(fields, app.appSecret)
  return good ? 'ok' : 'bad'
}

/** `MD5(appid + version + msgid + systemtime + strictcheck + token + APPSecret)`, upper-case hex. */
export function md5Sign(fields: StringFields, appSecret: string): string {
  const signed =
    text(fields, 'appid') +
    text(fields, 'version') +
    text(fields, 'msgid') +
    text(fields, 'systemtime') +
    text(fields, 'strictcheck') +
    text(fields, 'token')
  return hash('md5', signed + appSecret, 'hex').toUpperCase()
}

/** SHA256withRSA over `appid + token` with key 1. */
export function rsaSignHolds(fields: StringFields, app: Pick<ChinaMobileApp, 'partner'>): boolean {
  const signed = Buffer.from(text(fields, 'appid') + text(fields, 'token'))
  const sign = text(fields, 'sign')
  return /^[0-9A-Fa-f]+$/.test(sign) && verify('sha256', signed, app.partner.publicKey, Buffer.from(sign, 'hex'))
}

function refuse(code: string, msgid: string, ports: DialectPorts): Answer {
  const time = beijingTime17(ports.wallMs())
  return refusal(code, `{"inresponseto":${JSON.stringify(msgid)},"systemtime":"${time}","resultCode":"${code}"}`)
}

function grant(msisdn: string, tokenIndex: number, msgid: string, ports: DialectPorts): Answer {
  const time = beijingTime17(ports.wallMs())
  const taskId = time + String(tokenIndex).padStart(10, '0')
  const body = `{"inresponseto":${JSON.stringify(msgid)},"systemtime":"${time}","resultCode":"103000","msisdn":"${msisdn}","taskId":"${taskId}"}`
  return charged('103000', body, true)
}
