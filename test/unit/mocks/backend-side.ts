/** What a backend sends, written from the public documents (docs/sources.md) apart from the mocks' own readers: only node:crypto is shared. */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicDecrypt,
  publicEncrypt,
  sign,
} from 'node:crypto'
import { xxteaEncrypt, xxteaKey } from '../../../mocks/wire/xxtea.ts'

export type Environment = Readonly<Record<string, string>>

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
const privateKey = (base64: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' })

/** What the three dialects may say; each reply has a few of these. */
export interface CarrierJson {
  resultCode: string
  msisdn: string
  header: { resultCode: string }
  code: number
  obj: { data: string; aesKey: string }
  result: string
  data: string
}

export interface Reply {
  status: number
  text: string
  json: CarrierJson
}

export async function post(url: string, body: string, contentType: string): Promise<Reply> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': contentType }, body })
  const text = await response.text()
  return { status: response.status, text, json: (text.startsWith('{') ? JSON.parse(text) : {}) as CarrierJson }
}

export function mobileLogin(env: Environment, token: string, change: Record<string, unknown> = {}): Record<string, unknown> {
  const fields: Record<string, unknown> = {
    version: '2.0',
    msgid: 'bed1dc7f6cd645b9be9006ae08040c93',
    systemtime: '20190226111842617',
    strictcheck: '0',
    appid: env.CMCC_APP_ID,
    token,
    ...change,
  }
  const { appid, version, msgid, systemtime, strictcheck } = fields
  fields.sign ??=
    fields.encryptionalgorithm === 'RSA'
      ? sign('sha256', Buffer.from(`${appid}${fields.token}`), privateKey(env.CMCC_PRIVATE_KEY!)).toString('hex')
      : md5(`${appid}${version}${msgid}${systemtime}${strictcheck}${fields.token}${env.CMCC_APP_SECRET}`).toUpperCase()
  return fields
}

export function postMobileLogin(env: Environment, fields: Record<string, unknown>): Promise<Reply> {
  return post(`${env.CMCC_URL}/unisdk/rsapi/loginTokenValidate`, JSON.stringify(fields), 'application/json')
}

export function openMobileNumber(env: Environment, hex: string): string {
  const key = privateKey(env.CMCC_PRIVATE_KEY!)
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(hex, 'hex')).toString()
}

export function postNumberCheck(
  env: Environment,
  token: string,
  msisdn: string,
  change: { header?: object; body?: object } = {},
) {
  const header = {
    version: '1.0',
    msgId: 'm-1',
    timestamp: '20180104090953788',
    appId: env.CMCC_APP_ID!,
    ...change.header,
  }
  const phoneNum = createHash('sha256').update(`${msisdn}${env.CMCC_APP_KEY}${header.timestamp}`).digest('hex').toUpperCase()
  const signed = `${header.appId}${header.msgId}${phoneNum}${header.timestamp}${token}${header.version}`
  const hmac = createHmac('sha256', env.CMCC_APP_KEY!).update(signed).digest('hex').toUpperCase()
  const body = { openType: '1', requesterType: '0', keyType: '0', message: 'hi', phoneNum, token, sign: hmac, ...change.body }
  return post(`${env.CMCC_URL}/openapi/rs/tokenValidate`, JSON.stringify({ header, body }), 'application/json')
}

/** keyType 1: the number for the platform's eyes, the signature with the customer's key. */
export function postNumberCheckByRsa(
  env: Environment,
  token: string,
  msisdn: string,
  encoding: 'hex' | 'base64' = 'hex',
  change: Record<string, string> = {},
) {
  const header = { version: '1.0', msgId: 'm-2', timestamp: '20180104090953788', appId: env.CMCC_APP_ID! }
  const platform = createPublicKey({ key: Buffer.from(env.CMCC_PLATFORM_PUBLIC_KEY!, 'base64'), format: 'der', type: 'spki' })
  const plain = Buffer.from(`${msisdn}${env.CMCC_APP_KEY}${header.timestamp}`)
  const phoneNum = publicEncrypt({ key: platform, padding: constants.RSA_PKCS1_PADDING }, plain).toString(encoding)
  const fields = { openType: '1', requesterType: '0', keyType: '1', phoneNum, token, ...change }
  const signed = `${header.appId}${header.msgId}${fields.phoneNum}${header.timestamp}${token}${header.version}`
  const body = { sign: sign('md5', Buffer.from(signed), privateKey(env.CMCC_PRIVATE_KEY!)).toString(encoding), ...fields }
  return post(`${env.CMCC_URL}/openapi/rs/tokenValidate`, JSON.stringify({ header, body }), 'application/json')
}

const KEY_AND_IV = '0123456789abcdeffedcba9876543210'

export function unicomFields(
  env: Environment,
  token: unknown,
  change: Record<string, string> = {},
  check?: { mobile: unknown },
): Record<string, string> {
  const cipher = createCipheriv('aes-128-cbc', KEY_AND_IV.slice(0, 16), KEY_AND_IV.slice(16))
  const plain = JSON.stringify({
    app: { c: '1', md5: '', n: 'app', pk: env.CUCC_PACKAGE, v: '1.0' },
    data: { accessCode: token, ...check },
  })
  const key = createPublicKey({ key: Buffer.from(env.CUCC_PLATFORM_PUBLIC_KEY!, 'base64'), format: 'der', type: 'spki' })
  const fields: Record<string, string> = {
    apiKey: env.CUCC_API_KEY!,
    params: cipher.update(plain, 'utf8', 'base64') + cipher.final('base64'),
    paramsKey: publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(KEY_AND_IV)).toString('base64'),
    ...change,
  }
  const { apiKey, params, paramsKey } = fields
  fields.sign ??= md5(
    `${apiKey}/api/netm/v1.0/${check === undefined ? 'qhbt' : 'qhbv'}?apiKey=${apiKey}&params=${params}&paramsKey=${paramsKey}`,
  )
  return fields
}

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8'

export function postUnicom(env: Environment, fields: Record<string, string>, name = 'qhbt'): Promise<Reply> {
  return post(`${env.CUCC_URL}/api/netm/v1.0/${name}`, new URLSearchParams(fields).toString(), FORM)
}

export function openUnicom(env: Environment, obj: { data: string; aesKey: string }): unknown {
  const key = createPublicKey({ key: Buffer.from(env.CUCC_PLATFORM_PUBLIC_KEY!, 'base64'), format: 'der', type: 'spki' })
  const keyAndIv = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(obj.aesKey, 'base64')).toString()
  const decipher = createDecipheriv('aes-128-cbc', keyAndIv.slice(0, 16), keyAndIv.slice(16))
  return JSON.parse(decipher.update(obj.data, 'base64', 'utf8') + decipher.final('utf8'))
}

export function telecomFields(
  env: Environment,
  codes: Record<string, string>,
  change: Record<string, string> = {},
): Record<string, string> {
  const plain = new URLSearchParams(codes).toString()
  const fields: Record<string, string> = {
    appId: env.CTCC_APP_ID!,
    timeStamp: String(Date.now()),
    format: 'json',
    params: xxteaEncrypt(Buffer.from(plain), xxteaKey(env.CTCC_APP_SECRET!)).toString('hex'),
    ...change,
  }
  const signed = `${fields.appId}${fields.format}${fields.params}${fields.timeStamp}`
  fields.sign ??= sign('sha1', Buffer.from(signed), privateKey(env.CTCC_PRIVATE_KEY!)).toString('hex').toUpperCase()
  return fields
}

export function postTelecom(env: Environment, fields: Record<string, string>): Promise<Reply> {
  return post(`${env.CTCC_URL}/auth/sdkcodeinfo.do`, new URLSearchParams(fields).toString(), FORM)
}

export function openTelecom(env: Environment, data: string): unknown {
  const key = privateKey(env.CTCC_PRIVATE_KEY!)
  return JSON.parse(privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(data, 'hex')).toString())
}
