import { hash } from 'node:crypto'
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
import { openAes, sealAes } from './aes.ts'
import { type ReplyKey, replyKeys } from './china-unicom-reply-key.ts'
import { openWithPrivate, type RsaPair } from './rsa.ts'
import { formFields, isObject, jsonObject, type StringFields, text } from './string-fields.ts'

export interface UnicomApp extends ProviderApp {
  packageName: string
}

const PATH = '/api/netm/v1.0/qhbt'

const MESSAGES: Record<string, string> = {
  '1001': 'parameter error',
  '1002': 'signature error',
  '1003': 'unknown apiKey',
  '104201': 'token expired or does not exist',
  '9999': 'system error',
}

interface Params {
  packageName: string
  accessCode: string
}

/** `POST /api/netm/v1.0/qhbt`: token in, full number out, both in an AES envelope ([S8]). */
export function qhbt(apps: ReadonlyMap<string, UnicomApp>, platform: RsaPair, ports: DialectPorts): Operation {
  const replyKey = replyKeys(platform.privateKey, ports.wallMs)
  return {
    name: 'qhbt',
    path: PATH,
    read: call => {
      const fields = fieldsOf(call)
      return fields === undefined ? unreadable() : reading(fields, apps, platform, ports, replyKey)
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

function reading(
  fields: StringFields,
  apps: ReadonlyMap<string, UnicomApp>,
  platform: RsaPair,
  ports: DialectPorts,
  replyKey: () => ReplyKey,
): Reading {
  const appId = text(fields, 'apiKey')
  const app = apps.get(appId)
  const signature = signatureOf(fields)
  const params = paramsOf(fields, platform)
  const complete = ['apiKey', 'params', 'paramsKey', 'sign'].every(name => text(fields, name) !== '')
  const settle = (claims: TokenClaims | undefined): Answer => {
    if (!complete) return refuse('1001')
    if (app === undefined) return refuse('1003')
    if (signature !== 'ok') return refuse('1002')
    if (params === undefined || params.packageName !== app.packageName || params.accessCode === '') return refuse('1001')
    const redemption = ports.teller.redeem(claims, { appIndex: app.appIndex, purpose: 'login', nowMs: ports.nowMs() })
    if (redemption.kind !== 'ok') return refuse('104201')
    const { keyAndIv, wrapped } = replyKey()
    const data = sealAes(keyAndIv, `{"mobile":"${redemption.msisdn}"}`)
    return charged('0', `{"code":0,"msg":"success","obj":{"data":"${data}","aesKey":"${wrapped}"}}`, true)
  }
  return { token: params?.accessCode ?? '', appId, signature, settle, systemError: () => refuse('9999') }
}

function paramsOf(fields: StringFields, platform: RsaPair): Params | undefined {
  const keyAndIv = openWithPrivate(platform.privateKey, Buffer.from(text(fields, 'paramsKey'), 'base64'))
  if (keyAndIv === undefined) return undefined
  const plain = openAes(keyAndIv.toString('latin1'), text(fields, 'params'))
  const root = plain === undefined ? undefined : jsonObject(plain)
  if (root === undefined || !isObject(root.app) || !isObject(root.data)) return undefined
  const { pk } = root.app
  const { accessCode } = root.data
  return typeof pk === 'string' && typeof accessCode === 'string' ? { packageName: pk, accessCode } : undefined
}

function signatureOf(fields: StringFields): Reading['signature'] {
  const sign = text(fields, 'sign')
  if (sign === '') return 'absent'
  return sign === unicomSign(fields) ? 'ok' : 'bad'
}

/** `MD5(apiKey + path + "?apiKey=" + apiKey + "&params=" + params + "&paramsKey=" + paramsKey)`. No secret is in it. */
export function unicomSign(fields: StringFields): string {
  const apiKey = text(fields, 'apiKey')
  const signed = `${apiKey}${PATH}?apiKey=${apiKey}&params=${text(fields, 'params')}&paramsKey=${text(fields, 'paramsKey')}`
  return hash('md5', signed, 'hex')
}

function refuse(code: string): Answer {
  return refusal(code, `{"code":${code},"msg":"${MESSAGES[code] ?? ''}","obj":null}`)
}
