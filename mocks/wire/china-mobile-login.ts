import { hash, verify } from 'node:crypto'
import type { TokenClaims } from '../../src/contract/token.ts'
import type { ChinaMobileApp } from '../carriers/china-mobile.ts'
import { type Answer, type Call, charged, type DialectPorts, type Operation, type Reading, refusal } from '../dialect.ts'
import { BEIJING_AHEAD_MS, beijingMs17, beijingTime17 } from './beijing-time.ts'
import { chinaMobileRefusalCode, isTokenShaped } from './china-mobile-tokens.ts'
import { DailyQuota } from './daily-quota.ts'
import { encryptFor } from './rsa.ts'
import { SeenNonces } from './seen-nonces.ts'
import { jsonObject, onlyStrings, type StringFields, text } from './string-fields.ts'

/** What an app may call without a contract ([S6]). */
const CALLS_A_DAY = 1000

/** Window of `systemtime` and memory of `msgid`, where they are checked at all; assumed, as no document has one. */
const WINDOW_MS = 5 * 60_000

/** Everything a call is checked against. */
interface Desk {
  apps: ReadonlyMap<string, ChinaMobileApp>
  ports: DialectPorts
  msgids: SeenNonces
  quota: DailyQuota
}

/** `POST /unisdk/rsapi/loginTokenValidate`: token in, full number out ([S1]). */
export function loginTokenValidate(apps: ReadonlyMap<string, ChinaMobileApp>, ports: DialectPorts): Operation {
  const msgids = ports.keep('msgids', new SeenNonces(2 * WINDOW_MS))
  const quota = ports.keep('quota of logins', new DailyQuota())
  const desk = { apps, ports, msgids, quota }
  return {
    name: 'loginTokenValidate',
    path: '/unisdk/rsapi/loginTokenValidate',
    read: call => {
      const fields = fieldsOf(call, ports)
      return typeof fields === 'string' ? unreadable(fields, ports) : reading(fields, desk)
    },
  }
}

function fieldsOf(call: Call, ports: DialectPorts): StringFields | string {
  if (call.method !== 'POST' || call.unreadable !== undefined || call.body === '') return ports.assume('unreadable')
  if (!call.contentType.startsWith('application/json')) return '103211'
  return onlyStrings(jsonObject(call.body)) ?? '103211'
}

function unreadable(code: string, ports: DialectPorts): Reading {
  return {
    token: '',
    appId: '',
    signature: 'absent',
    settle: () => refuse(code, '', ports),
    systemError: () => refuse(ports.assume('system-error'), '', ports),
  }
}

function reading(fields: StringFields, desk: Desk): Reading {
  const { ports } = desk
  const token = text(fields, 'token')
  const appId = text(fields, 'appid')
  const msgid = text(fields, 'msgid')
  const app = desk.apps.get(appId)
  const rsa = text(fields, 'encryptionalgorithm') === 'RSA' // anything else means MD5
  const signature = signatureOf(fields, app, rsa)
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (!wellFormed(fields)) return refuse('103414', msgid, ports)
    if (app === undefined) return refuse('103119', msgid, ports)
    const trouble = troubleOf(fields, signature, desk)
    if (trouble !== undefined) return refuse(trouble, msgid, ports)
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse(chinaMobileRefusalCode(redemption.kind), msgid, ports)
    return grant(rsa ? sealed(redemption.msisdn, app, ports) : redemption.msisdn, redemption.claims.tokenIndex, msgid, ports)
  }
  return {
    token,
    appId,
    signature,
    settle,
    systemError: () => refuse(ports.assume('system-error'), msgid, ports),
    throttled: () => refuse(ports.assume('throttled'), msgid, ports),
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

/** The code of what is wrong with a well-formed call of a known app, token's books aside. The order is assumed. */
function troubleOf(fields: StringFields, signature: Reading['signature'], desk: Desk): string | undefined {
  const bySign = signature === 'ok' ? undefined : '103101'
  const byToken = tokenTrouble(text(fields, 'token'))
  const first = desk.ports.assume('check-order') === 'token-first' ? (byToken ?? bySign) : (bySign ?? byToken)
  return first ?? freshnessTrouble(fields, desk) ?? quotaTrouble(fields, desk)
}

function tokenTrouble(token: string): string | undefined {
  if (token === '') return '103811'
  return isTokenShaped(token) ? undefined : '103113'
}

/** Nothing current says that time or message number are checked; the table of 2018 has codes for both ([S3]). */
function freshnessTrouble(fields: StringFields, { ports, msgids }: Desk): string | undefined {
  const nowMs = ports.wallMs()
  if (ports.assume('systemtime') === 'within-5-minutes') {
    const sentMs = beijingMs17(text(fields, 'systemtime')) ?? Number.NaN
    const ahead = ports.assume('time-zone') === 'utc' ? BEIJING_AHEAD_MS : 0
    if (!(Math.abs(nowMs - sentMs - ahead) <= WINDOW_MS)) return '103414'
  }
  const repeated = ports.assume('repeated-msgid')
  if (repeated === 'accepted') return undefined
  return msgids.isNew(`${text(fields, 'appid')} ${text(fields, 'msgid')}`, nowMs) ? undefined : repeated
}

function quotaTrouble(fields: StringFields, { ports, quota }: Desk): string | undefined {
  if (ports.assume('quota') === 'none') return undefined
  return quota.takes(text(fields, 'appid'), CALLS_A_DAY, ports.wallMs()) ? undefined : '105312'
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

function sealed(msisdn: string, app: ChinaMobileApp, ports: DialectPorts): string {
  const padding = ports.assume('rsa-padding') === 'oaep' ? 'oaep' : 'pkcs1'
  return encryptFor(app.partner.publicKey, msisdn, padding).toString('hex')
}

function timeOf(ports: DialectPorts): string {
  const nowMs = ports.wallMs()
  return beijingTime17(ports.assume('time-zone') === 'utc' ? nowMs - BEIJING_AHEAD_MS : nowMs)
}

function refuse(code: string, msgid: string, ports: DialectPorts): Answer {
  return refusal(code, `{"inresponseto":${JSON.stringify(msgid)},"systemtime":"${timeOf(ports)}","resultCode":"${code}"}`)
}

function grant(msisdn: string, tokenIndex: number, msgid: string, ports: DialectPorts): Answer {
  const time = timeOf(ports)
  const taskId = time + String(tokenIndex).padStart(10, '0')
  const body = `{"inresponseto":${JSON.stringify(msgid)},"systemtime":"${time}","resultCode":"103000","msisdn":"${msisdn}","taskId":"${taskId}"}`
  return charged('103000', body, true)
}
