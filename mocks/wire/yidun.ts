import { hash } from 'node:crypto'
import type { CarrierId } from '../../src/contract/carriers.ts'
import { exhaustive } from '../../src/contract/json.ts'
import type { TokenClaims, TokenPurpose } from '../../src/contract/token.ts'
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
import { chinaMobileRefusalCode } from './china-mobile-tokens.ts'
import { telecomRefusalCode } from './china-telecom-codes.ts'
import { SeenNonces } from './seen-nonces.ts'
import { formFields, type StringFields, text } from './string-fields.ts'
import { isTimely, windowMs } from './timely.ts'

/** `appId` is the businessId for login; login's and check's are not interchangeable. */
export interface YidunApp extends ProviderApp {
  checkBusinessId: string
  secretId: string
  secretKey: string
}

/** Everything a call is checked against. */
export interface YidunDesk {
  apps: readonly YidunApp[]
  /** The SDK's own `token`, by token index. */
  clientToken(tokenIndex: number): string
  ports: DialectPorts
}

/** Only 200 is documented for this product; these are the vendor's usual ones, assumed. */
const MESSAGES: Record<string, string> = {
  '400': 'bad request',
  '401': 'forbidden',
  '405': 'param error',
  '410': 'signature failure',
  '411': 'high frequency',
  '420': 'request expired',
  '430': 'replay attack',
  '503': 'service unavailable',
}

/** How long nonces are remembered; assumed. */
const NONCE_MEMORY_MS = 10 * 60_000

/** Results that carriers give for a good token, as `resultCode`; the failing ones are the carriers' own. */
const CARRIER_OK: Record<CarrierId, string> = { 'china-mobile': '103000', 'china-unicom': '0', 'china-telecom': '0' }

/** `POST /v1/oneclick/check`: two tokens in, number out in the clear. A carrier's failure is code 200 with an empty phone. */
export function oneclickCheck(desk: YidunDesk): Operation {
  const nonces = desk.ports.keep('nonces of oneclick/check', new SeenNonces(NONCE_MEMORY_MS))
  return {
    name: 'oneclick/check',
    path: '/v1/oneclick/check',
    read: call =>
      reading(call, desk, nonces, 'login', (_fields, redemption, claims) => {
        const resultCode = carrierCode(redemption, claims)
        if (redemption.kind !== 'ok') return answer('200', { phone: '', resultCode }, undefined)
        return answer('200', { phone: redemption.msisdn, resultCode }, true)
      }),
  }
}

/** `POST /v1/check`: is this number the device's own? `result` 1 yes, 2 no, 3 cannot tell. */
export function numberCheck(desk: YidunDesk): Operation {
  const nonces = desk.ports.keep('nonces of check', new SeenNonces(NONCE_MEMORY_MS))
  return {
    name: 'check',
    path: '/v1/check',
    read: call =>
      reading(call, desk, nonces, 'verify', (fields, redemption, claims) => {
        const phone = text(fields, 'phone')
        const resultCode = carrierCode(redemption, claims)
        const deadResult = Number(desk.ports.assume('dead-check-token'))
        if (redemption.kind !== 'ok') return answer('200', { phone, result: deadResult, resultCode }, undefined)
        const same = phone === redemption.msisdn
        return answer('200', { phone, result: same ? 1 : 2, resultCode }, same)
      }),
  }
}

type Settle = (fields: StringFields, redemption: Redemption, claims: TokenClaims | undefined) => Answer

function reading(call: Call, desk: YidunDesk, nonces: SeenNonces, purpose: TokenPurpose, settle: Settle): Reading {
  const fields = call.method === 'POST' && isForm(call) ? formFields(call.body) : undefined
  const businessId = text(fields ?? {}, 'businessId')
  const account = desk.apps.find(app => app.secretId === text(fields ?? {}, 'secretId'))
  const given = text(fields ?? {}, 'signature')
  const holds = fields !== undefined && account !== undefined && given === yidunSign(fields, account.secretKey)
  const signature = given === '' ? 'absent' : holds ? 'ok' : 'bad'
  const { ports } = desk
  return {
    token: text(fields ?? {}, 'accessToken'),
    appId: businessId,
    signature,
    settle: claims => {
      if (fields === undefined || REQUIRED.some(name => text(fields, name) === '')) return refuse('400')
      if (purpose === 'verify' && !/^1\d{10}$/.test(text(fields, 'phone'))) return refuse('405')
      if (text(fields, 'nonce').length !== 32 || text(fields, 'version') !== 'v1') return refuse('405')
      if (account === undefined) return refuse('401')
      if (businessId !== (purpose === 'login' ? account.appId : account.checkBusinessId)) return refuse('401')
      if (!isTimely(text(fields, 'timestamp'), ports.wallMs(), windowMs(ports.assume('time-window')))) return refuse('420')
      if (signature !== 'ok') return refuse(ports.assume('bad-signature'))
      if (
        ports.assume('repeated-nonce') === 'refused' &&
        !nonces.isNew(`${account.secretId} ${text(fields, 'nonce')}`, ports.wallMs())
      )
        return refuse('430')
      const pairs = ports.assume('token-pair') === 'unchecked'
      const paired = claims !== undefined && (pairs || text(fields, 'token') === desk.clientToken(claims.tokenIndex))
      const request = { appIndex: account.appIndex, purpose, nowMs: ports.nowMs() }
      return settle(fields, ports.teller.redeem(paired ? claims : undefined, request), claims)
    },
    systemError: () => refuse('503'),
    throttled: () => refuse('411'),
  }
}

const REQUIRED = ['secretId', 'businessId', 'version', 'timestamp', 'nonce', 'signature', 'token', 'accessToken']

function isForm(call: Call): boolean {
  return call.unreadable === undefined && call.contentType.startsWith('application/x-www-form-urlencoded')
}

/** Lower-case MD5 of all `name` + `value` in name order, then secretKey. */
export function yidunSign(fields: StringFields, secretKey: string): string {
  const { signature: _unsigned, ...signed } = fields
  const joined = Object.keys(signed)
    .sort()
    .map(name => name + text(signed, name))
    .join('')
  return hash('md5', joined + secretKey, 'hex')
}

function carrierCode(redemption: Redemption, claims: TokenClaims | undefined): string {
  const carrier = claims?.carrier ?? 'china-mobile'
  if (redemption.kind === 'ok') return CARRIER_OK[carrier]
  switch (carrier) {
    case 'china-mobile':
      return chinaMobileRefusalCode(redemption.kind)
    case 'china-unicom':
      return '104201'
    case 'china-telecom':
      return telecomRefusalCode(redemption.kind)
    default:
      return exhaustive(carrier)
  }
}

/** `redeemed` undefined: the carrier failed, and nothing is charged. */
function answer(code: string, data: object, redeemed: boolean | undefined): Answer {
  const body = JSON.stringify({ code: Number(code), msg: 'ok', data })
  return redeemed === undefined ? refusal(code, body) : charged(code, body, redeemed)
}

function refuse(code: string): Answer {
  return refusal(code, JSON.stringify({ code: Number(code), msg: MESSAGES[code] ?? '' }))
}
