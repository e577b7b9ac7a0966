import type { TokenClaims } from '../../src/contract/token.ts'
import type { ChinaMobileApp } from '../carriers/china-mobile.ts'
import { type Answer, type Call, charged, type DialectPorts, type Operation, type Reading, refusal } from '../dialect.ts'
import {
  type CheckEnvelope,
  checkRsaSignHolds,
  hashedNumber,
  numberCheckSign,
  openedNumber,
  type RsaEncoding,
} from './china-mobile-check-seals.ts'
import type { RsaPair } from './rsa.ts'
import { jsonObject, onlyStrings, text } from './string-fields.ts'

/** What each result code means, sent as `resultDesc` ([S1]; English wording is ours). */
const DESCRIPTIONS: Record<string, string> = {
  '000': 'is the local number',
  '001': 'is not the local number',
  '004': 'encrypted phone number wrong',
  '102': 'invalid parameter',
  '124': 'allow-list check failed',
  '213': 'appId does not exist',
  '302': 'sign check failed',
  '303': 'parameter parse error',
  '606': 'token check failed',
  '999': 'system error',
  '102315': 'quota used up',
  '103420': 'no permission for number check',
}

/** Everything a call is checked against. */
interface Desk {
  apps: ReadonlyMap<string, ChinaMobileApp>
  /** Opens what keyType 1 encrypts for the platform. */
  platform: RsaPair
  ports: DialectPorts
}

/** `POST /openapi/rs/tokenValidate`: is this number the device's own? keyType 0 (hash and HMAC) and 1 (RSA) ([S1]). */
export function tokenValidate(apps: ReadonlyMap<string, ChinaMobileApp>, platform: RsaPair, ports: DialectPorts): Operation {
  const desk = { apps, platform, ports }
  return {
    name: 'tokenValidate',
    path: '/openapi/rs/tokenValidate',
    read: call => {
      const envelope = envelopeOf(call)
      return envelope === undefined ? unreadable() : reading(envelope, desk)
    },
  }
}

function envelopeOf(call: Call): CheckEnvelope | undefined {
  if (call.method !== 'POST' || call.unreadable !== undefined || !call.contentType.startsWith('application/json'))
    return undefined
  const outer = jsonObject(call.body)
  const header = onlyStrings(outer?.header)
  const body = onlyStrings(outer?.body)
  return header === undefined || body === undefined ? undefined : { header, body }
}

function unreadable(): Reading {
  const nothing: CheckEnvelope = { header: {}, body: {} }
  return {
    token: '',
    appId: '',
    signature: 'absent',
    settle: () => refuse('303', nothing),
    systemError: () => refuse('999', nothing),
  }
}

function reading(envelope: CheckEnvelope, desk: Desk): Reading {
  const { header, body } = envelope
  const token = text(body, 'token')
  const app = desk.apps.get(text(header, 'appId'))
  const signature = signatureOf(envelope, app, desk.ports)
  return {
    token,
    appId: text(header, 'appId'),
    signature,
    settle: claims => {
      if (!wellFormed(envelope)) return refuse('102', envelope)
      if (app === undefined) return refuse(desk.ports.assume('check-unknown-app'), envelope)
      if (signature !== 'ok') return refuse('302', envelope)
      return token === '' ? refuse('606', envelope) : compare(envelope, app, desk, claims)
    },
    systemError: () => refuse('999', envelope),
    throttled: () => refuse('102315', envelope),
    ipRefused: () => refuse('124', envelope),
  }
}

function compare(envelope: CheckEnvelope, app: ChinaMobileApp, desk: Desk, claims: TokenClaims | undefined): Answer {
  const { ports } = desk
  const timestamp = text(envelope.header, 'timestamp')
  const isSame = comparison(envelope, app, desk)
  if (isSame === undefined) return refuse('004', envelope)
  const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'verify', nowMs: ports.nowMs() })
  if (redemption.kind === 'wrong-purpose') return refuse(ports.assume('check-login-token'), envelope)
  if (redemption.kind !== 'ok') return refuse('606', envelope)
  const same = isSame(redemption.msisdn)
  const taskId = `${timestamp}${redemption.claims.tokenIndex}`
  return charged(same ? '000' : '001', render(same ? '000' : '001', envelope, taskId), same)
}

/** Whether a number is the one that `phoneNum` hides; undefined when that hides none. */
function comparison(envelope: CheckEnvelope, app: ChinaMobileApp, desk: Desk): ((msisdn: string) => boolean) | undefined {
  const phoneNum = text(envelope.body, 'phoneNum')
  const timestamp = text(envelope.header, 'timestamp')
  if (!isRsa(envelope)) {
    if (!/^[0-9A-F]{64}$/.test(phoneNum)) return undefined
    return msisdn => phoneNum === hashedNumber(msisdn, app.appKey, timestamp)
  }
  const opened = openedNumber(phoneNum, app.appKey + timestamp, desk.platform.privateKey, encodingOf(desk.ports))
  return opened === undefined ? undefined : msisdn => opened === msisdn
}

/** Every value but 1 means 0 ([S1]). */
function isRsa({ body }: CheckEnvelope): boolean {
  return text(body, 'keyType') === '1'
}

function encodingOf(ports: DialectPorts): RsaEncoding {
  return ports.assume('check-rsa-encoding') === 'base64' ? 'base64' : 'hex'
}

function wellFormed({ header, body }: CheckEnvelope): boolean {
  const requester = text(body, 'requesterType')
  return (
    text(header, 'version') === '1.0' &&
    text(header, 'msgId') !== '' &&
    /^\d{17}$/.test(text(header, 'timestamp')) &&
    (requester === '1' || (requester === '0' && /^[0-3]$/.test(text(body, 'openType'))))
  )
}

function signatureOf(envelope: CheckEnvelope, app: ChinaMobileApp | undefined, ports: DialectPorts): Reading['signature'] {
  const sign = text(envelope.body, 'sign')
  if (sign === '') return 'absent'
  if (app === undefined) return 'bad'
  const holds = isRsa(envelope)
    ? checkRsaSignHolds(envelope, app.partner.publicKey, encodingOf(ports))
    : sign === numberCheckSign(envelope, app.appKey)
  return holds ? 'ok' : 'bad'
}

function refuse(code: string, envelope: CheckEnvelope): Answer {
  return refusal(code, render(code, envelope, undefined))
}

function render(code: string, { header, body }: CheckEnvelope, taskId: string | undefined): string {
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
