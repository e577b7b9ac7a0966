import { createHmac, hash } from 'node:crypto'
import type { TokenClaims } from '../../src/contract/token.ts'
import type { ChinaMobileApp } from '../carriers/china-mobile.ts'
import { type Answer, type Call, charged, type DialectPorts, type Operation, type Reading, refusal } from '../dialect.ts'
import { jsonObject, onlyStrings, type StringFields, text } from './string-fields.ts'

interface Envelope {
  header: StringFields
  body: StringFields
}

/** What each result code means, sent as `resultDesc` ([S1]; English wording is ours). */
const DESCRIPTIONS: Record<string, string> = {
  '000': 'is the local number',
  '001': 'is not the local number',
  '004': 'encrypted phone number wrong',
  '102': 'invalid parameter',
  '302': 'sign check failed',
  '303': 'parameter parse error',
  '606': 'token check failed',
  '999': 'system error',
}

/** `POST /openapi/rs/tokenValidate`: is this number the device's own? keyType 0 ([S1]). */
export function tokenValidate(apps: ReadonlyMap<string, ChinaMobileApp>, ports: DialectPorts): Operation {
  return {
    name: 'tokenValidate',
    path: '/openapi/rs/tokenValidate',
    read: call => {
      const envelope = envelopeOf(call)
      return envelope === undefined ? unreadable() : reading(envelope, apps, ports)
    },
  }
}

function envelopeOf(call: Call): Envelope | undefined {
  if (call.method !== 'POST' || call.unreadable !== undefined || !call.contentType.startsWith('application/json'))
    return undefined
  const outer = jsonObject(call.body)
  const header = onlyStrings(outer?.header)
  const body = onlyStrings(outer?.body)
  return header === undefined || body === undefined ? undefined : { header, body }
}

function unreadable(): Reading {
  const nothing: Envelope = { header: {}, body: {} }
  return {
    token: '',
    appId: '',
    signature: 'absent',
    settle: () => refuse('303', nothing),
    systemError: () => refuse('999', nothing),
  }
}

function reading(envelope: Envelope, apps: ReadonlyMap<string, ChinaMobileApp>, ports: DialectPorts): Reading {
  const { header, body } = envelope
  const token = text(body, 'token')
  const appId = text(header, 'appId')
  const app = apps.get(appId)
  const signature = signatureOf(envelope, app)
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (!wellFormed(envelope) || app === undefined) return refuse('102', envelope)
    if (signature !== 'ok') return refuse('302', envelope)
    if (token === '') return refuse('606', envelope)
    if (!/^[0-9A-F]{64}$/.test(text(body, 'phoneNum'))) return refuse('004', envelope)
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'verify', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse('606', envelope)
    const same = text(body, 'phoneNum') === hashedNumber(redemption.msisdn, app.appKey, text(header, 'timestamp'))
    const taskId = `${text(header, 'timestamp')}${redemption.claims.tokenIndex}`
    return charged(same ? '000' : '001', render(same ? '000' : '001', envelope, taskId), same)
  }
  return {
    token,
    appId,
    signature,
    settle,
    systemError: () => refuse('999', envelope),
    ipRefused: () => refuse('124', envelope),
  }
}

function wellFormed({ header, body }: Envelope): boolean {
  const requester = text(body, 'requesterType')
  return (
    text(header, 'version') === '1.0' &&
    text(header, 'msgId') !== '' &&
    /^\d{17}$/.test(text(header, 'timestamp')) &&
    (requester === '1' || (requester === '0' && /^[0-3]$/.test(text(body, 'openType')))) &&
    text(body, 'keyType') !== '1'
  )
}

function signatureOf(envelope: Envelope, app: ChinaMobileApp | undefined): Reading['signature'] {
  const sign = text(envelope.body, 'sign')
  if (sign === '') return 'absent'
  return app !== undefined && sign === numberCheckSign(envelope, app.appKey) ? 'ok' : 'bad'
}

/** `SHA256(phone + appKey + timestamp)`, upper-case hex. */
export function hashedNumber(msisdn: string, appKey: string, timestamp: string): string {
  return hash('sha256', msisdn + appKey + timestamp, 'hex').toUpperCase()
}

/** HMAC-SHA256 over `appId + msgId + phoneNum + timestamp + token + version`, upper-case hex. */
export function numberCheckSign({ header, body }: Envelope, appKey: string): string {
  const signed =
    text(header, 'appId') +
    text(header, 'msgId') +
    text(body, 'phoneNum') +
    text(header, 'timestamp') +
    text(body, 'token') +
    text(header, 'version')
  return createHmac('sha256', appKey).update(signed).digest('hex').toUpperCase()
}

function refuse(code: string, envelope: Envelope): Answer {
  return refusal(code, render(code, envelope, undefined))
}

function render(code: string, { header, body }: Envelope, taskId: string | undefined): string {
  return JSON.stringify({
    header: {
      msgId: text(header, 'msgId'),
      timestamp: text(header, 'timestamp'),
      appId: text(header, 'appId'),
      resultCode: code,
    },
    body: { resultDesc: DESCRIPTIONS[code] ?? '', message: text(body, 'message'), ...(taskId === undefined ? {} : { taskId }) },
  })
}
