import { hash } from 'node:crypto'
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
import { type AesEncoding, openAes, sealAes } from './aes.ts'
import { type ReplyKey, replyKeys } from './china-unicom-reply-key.ts'
import { openWithPrivate, type RsaPair } from './rsa.ts'
import { formFields, isObject, jsonObject, type StringFields, text } from './string-fields.ts'

export interface UnicomApp extends ProviderApp {
  packageName: string
}

/** Codes other than 0 and 104201 are ours, as none is public. */
const MESSAGES: Record<string, string> = {
  '1001': 'parameter error',
  '1002': 'signature error',
  '1003': 'unknown apiKey',
  '104201': 'token expired or does not exist',
  '1': 'failed',
  '9999': 'system error',
}

interface Params {
  packageName: string
  accessCode: string
  /** Number to be checked; qhbv only. */
  mobile: string
}

/** Everything a call is checked against. */
export interface UnicomDesk {
  apps: ReadonlyMap<string, UnicomApp>
  platform: RsaPair
  ports: DialectPorts
  replyKey(): ReplyKey
}

export function unicomDesk(apps: ReadonlyMap<string, UnicomApp>, platform: RsaPair, ports: DialectPorts): UnicomDesk {
  const eachAnew = (): boolean => ports.assume('reply-key') === 'each-anew'
  return { apps, platform, ports, replyKey: replyKeys(platform.privateKey, ports.wallMs, eachAnew) }
}

/** `POST /api/netm/v1.0/qhbt`: token in, full number out, both in an AES envelope ([S8]). */
export function qhbt(desk: UnicomDesk): Operation {
  return operation('qhbt', desk, 'login', (_params, msisdn) => {
    const plain = desk.ports.assume('reply-layout') === 'plain-number' ? msisdn : `{"mobile":"${msisdn}"}`
    return success(plain, true, desk)
  })
}

/**
 * `POST /api/netm/v1.0/qhbv`: is this number the device's own? Path and fields are the client SDK's ([S9]); that servers call it
 * in the envelope of qhbt, and what it answers, is assumed.
 */
export function qhbv(desk: UnicomDesk): Operation {
  return operation('qhbv', desk, 'verify', ({ mobile }, msisdn) => {
    const same = mobile === msisdn
    if (desk.ports.assume('check-reply') === 'sealed-result') return success(`{"result":"${same ? '1' : '0'}"}`, same, desk)
    const code = same ? '0' : '1'
    return charged(code, `{"code":${code},"msg":"${same ? 'success' : 'failed'}","obj":null}`, same)
  })
}

type Settle = (params: Params, msisdn: string) => Answer

function operation(name: 'qhbt' | 'qhbv', desk: UnicomDesk, purpose: TokenPurpose, settle: Settle): Operation {
  const path = `/api/netm/v1.0/${name}`
  return {
    name,
    path,
    read: call => {
      const fields = fieldsOf(call)
      return fields === undefined ? unreadable() : reading(path, fields, desk, purpose, settle)
    },
  }
}

function fieldsOf(call: Call): StringFields | undefined {
  if (call.method !== 'POST' || call.unreadable !== undefined) return undefined
  return call.contentType.startsWith('application/x-www-form-urlencoded') ? formFields(call.body) : undefined
}

function unreadable(): Reading {
  return { token: '', appId: '', signature: 'absent', settle: () => refuse('1001'), systemError: () => refuse('9999') }
}

function reading(path: string, fields: StringFields, desk: UnicomDesk, purpose: TokenPurpose, answer: Settle): Reading {
  const { ports } = desk
  const appId = text(fields, 'apiKey')
  const app = desk.apps.get(appId)
  const signature = signatureOf(path, fields, ports)
  const params = paramsOf(fields, desk)
  const complete = ['apiKey', 'params', 'paramsKey', 'sign'].every(name => text(fields, name) !== '')
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (!complete) return refuse('1001')
    if (app === undefined) return refuse('1003')
    if (signature !== 'ok') return refuse('1002')
    if (params === undefined || params.packageName !== app.packageName || params.accessCode === '') return refuse('1001')
    if (purpose === 'verify' && !/^1\d{10}$/.test(params.mobile)) return refuse('1001')
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose, nowMs: ports.nowMs() })
    return redemption.kind === 'ok' ? answer(params, redemption.msisdn) : refuse(refusalCode(redemption.kind, ports))
  }
  return { token: params?.accessCode ?? '', appId, signature, settle, systemError: () => refuse('9999') }
}

function encodingOf(ports: DialectPorts): AesEncoding {
  return ports.assume('params-encoding') === 'hex' ? 'hex' : 'base64'
}

function paramsOf(fields: StringFields, { platform, ports }: UnicomDesk): Params | undefined {
  const keyAndIv = openWithPrivate(platform.privateKey, Buffer.from(text(fields, 'paramsKey'), 'base64'))
  if (keyAndIv === undefined) return undefined
  const plain = openAes(keyAndIv.toString('latin1'), text(fields, 'params'), encodingOf(ports))
  const root = plain === undefined ? undefined : jsonObject(plain)
  if (root === undefined || !isObject(root.app) || !isObject(root.data)) return undefined
  const { pk } = root.app
  const { accessCode, mobile = '' } = root.data
  if (typeof pk !== 'string' || typeof accessCode !== 'string' || typeof mobile !== 'string') return undefined
  return { packageName: pk, accessCode, mobile }
}

function signatureOf(path: string, fields: StringFields, ports: DialectPorts): Reading['signature'] {
  const sign = text(fields, 'sign')
  if (sign === '') return 'absent'
  const expected = unicomSign(fields, path)
  const spelling = ports.assume('sign-case')
  const holds =
    spelling === 'either' ? sign.toLowerCase() === expected : sign === (spelling === 'upper' ? expected.toUpperCase() : expected)
  return holds ? 'ok' : 'bad'
}

/** `MD5(apiKey + path + "?apiKey=" + apiKey + "&params=" + params + "&paramsKey=" + paramsKey)`. No secret is in it. */
export function unicomSign(fields: StringFields, path = '/api/netm/v1.0/qhbt'): string {
  const apiKey = text(fields, 'apiKey')
  const signed = `${apiKey}${path}?apiKey=${apiKey}&params=${text(fields, 'params')}&paramsKey=${text(fields, 'paramsKey')}`
  return hash('md5', signed, 'hex')
}

function refusalCode(kind: Exclude<Redemption['kind'], 'ok'>, ports: DialectPorts): string {
  const isForeign = kind === 'wrong-app' || kind === 'wrong-purpose'
  return isForeign && ports.assume('foreign-token') !== 'as-dead' ? '1001' : ports.assume('dead-token')
}

function success(plain: string, redeemed: boolean, desk: UnicomDesk): Answer {
  const { keyAndIv, wrapped } = desk.replyKey()
  const data = sealAes(keyAndIv, plain, encodingOf(desk.ports))
  return charged('0', `{"code":0,"msg":"success","obj":{"data":"${data}","aesKey":"${wrapped}"}}`, redeemed)
}

function refuse(code: string): Answer {
  return refusal(code, `{"code":${code},"msg":"${MESSAGES[code] ?? ''}","obj":null}`)
}
