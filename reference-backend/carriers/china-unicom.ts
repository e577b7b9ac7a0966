import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  type KeyObject,
  publicDecrypt,
  publicEncrypt,
  randomBytes,
} from 'node:crypto'
import type { AnswerReader } from '../controls/carrier-answer-read.ts'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient, ExchangeAnswer, Presented } from './exchange.ts'
import { failed, numberAnswer, parsedObject } from './exchange.ts'

export interface ChinaUnicomAccess {
  apiKey: string
  /** The platform's key: we wrap our AES key with it, and it opens what the platform wrapped with its private half. */
  platformPublicKey: KeyObject
  /** Package name of the app, `pk` in the parameters. */
  packageName: string
}

const PATH = '/api/netm/v1.0/qhbt'

/** 104201: token unknown, expired or used. 1001: parameter error; the token is the only parameter a client chooses. */
const TOKEN_CODES = new Set([104201, 1001])

/**
 * China Unicom `qhbt` (ZZX platform, 2018): a form whose parameters are AES-enciphered, the AES key RSA-wrapped, MD5 signed.
 * The platform publishes no result codes, padding or encoding; those here are assumptions shared with the mock by agreement.
 */
export function chinaUnicomClient(access: ChinaUnicomAccess, { transport, reader, writer }: ClientMeans): CarrierClient {
  return {
    appId: access.apiKey,
    close: () => transport.close(),
    async exchange(presented) {
      const form = writer.form(signedFields(access, presented))
      const type = 'application/x-www-form-urlencoded'
      const reply = reader.fields(await transport.post(PATH, type, form))
      return reply.kind === 'failed' ? reply : readAnswer(access, reader, reply.fields)
    },
  }
}

function signedFields(access: ChinaUnicomAccess, { token, appId: apiKey }: Presented): Record<string, string> {
  const app = { c: '1', md5: '', n: 'app', pk: access.packageName, v: '1.0' }
  const keyAndIv = randomBytes(16).toString('hex')
  const cipher = createCipheriv('aes-128-cbc', keyAndIv.slice(0, 16), keyAndIv.slice(16))
  const plain = JSON.stringify({ app, data: { accessCode: token } })
  const params = cipher.update(plain, 'utf8', 'base64') + cipher.final('base64')
  const wrapping = { key: access.platformPublicKey, padding: constants.RSA_PKCS1_PADDING }
  const paramsKey = publicEncrypt(wrapping, Buffer.from(keyAndIv, 'latin1')).toString('base64')
  const signed = `${apiKey}${PATH}?apiKey=${apiKey}&params=${params}&paramsKey=${paramsKey}`
  const sign = createHash('md5').update(signed).digest('hex')
  return { apiKey, params, paramsKey, sign }
}

function readAnswer(access: ChinaUnicomAccess, reader: AnswerReader, fields: Record<string, unknown>): ExchangeAnswer {
  const { code, obj } = fields
  if (!reader.isSuccess(code, 0)) {
    if (typeof code !== 'number') return failed('no result code')
    return TOKEN_CODES.has(code) ? { kind: 'refused', code: String(code) } : failed(`result code ${code}`)
  }
  if (typeof obj !== 'object' || obj === null) return failed('success without obj')
  const { data, aesKey } = obj as Record<string, unknown>
  if (typeof data !== 'string' || typeof aesKey !== 'string') return failed('success without data')
  const plain = openedData(access.platformPublicKey, data, aesKey)
  return plain === undefined ? failed('data cannot be deciphered') : numberAnswer(parsedObject(plain)?.mobile)
}

/** Undefined when key or data do not fit. */
function openedData(platformKey: KeyObject, data: string, aesKey: string): string | undefined {
  try {
    const unwrapping = { key: platformKey, padding: constants.RSA_PKCS1_PADDING }
    const keyAndIv = publicDecrypt(unwrapping, Buffer.from(aesKey, 'base64')).toString('latin1')
    const decipher = createDecipheriv('aes-128-cbc', keyAndIv.slice(0, 16), keyAndIv.slice(16))
    return decipher.update(data, 'base64', 'utf8') + decipher.final('utf8')
  } catch {
    // OpenSSL's codes for a wrong key, length or padding differ between versions; each means an answer we cannot read.
    return undefined
  }
}
