import { constants, createHash, createSign, type KeyObject, privateDecrypt, randomUUID } from 'node:crypto'
import type { AnswerReader } from '../controls/carrier-answer-read.ts'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient, ExchangeAnswer, Presented } from './exchange.ts'
import { failed, numberAnswer } from './exchange.ts'

export interface ChinaMobileAccess {
  appId: string
  appSecret: string
  /** Turns on RSA mode; one key both signs and opens the number (key 1 = key 2). */
  privateKey: KeyObject | undefined
}

/**
 * Codes that speak of the token: malformed, other app's, empty, expired or used, taken for number check. 103414 (parameter
 * check) is counted here because the token is the only parameter a client chooses. All other codes are our or the carrier's trouble.
 */
const TOKEN_CODES = new Set(['103113', '103133', '103414', '103811', '104201', '105018'])

/**
 * China Mobile `loginTokenValidate`: JSON in which every value is text, MD5 or RSA signed, business errors with HTTP 200.
 * Source: the carrier's server document of 2020-09-24.
 */
export function chinaMobileClient(access: ChinaMobileAccess, means: ClientMeans): CarrierClient {
  const { transport, reader, writer, nowMs } = means
  return {
    appId: access.appId,
    close: () => transport.close(),
    async exchange(presented) {
      const msgid = randomUUID().replaceAll('-', '')
      const body = writer.json(signedRequest(access, presented, msgid, nowMs()))
      const answer = await transport.post('/unisdk/rsapi/loginTokenValidate', 'application/json', body)
      const shortcut = reader.shortcut(answer)
      if (shortcut !== undefined) return shortcut
      const reply = reader.fields(answer)
      return reply.kind === 'failed' ? reply : readAnswer(access, reader, reply.fields, msgid)
    },
  }
}

function signedRequest(
  access: ChinaMobileAccess,
  { appId, token }: Presented,
  msgid: string,
  atMs: number,
): Record<string, string> {
  const fields = { version: '2.0', msgid, systemtime: beijingTime(atMs), strictcheck: '0', appid: appId, token }
  if (access.privateKey !== undefined) {
    const sign = createSign('RSA-SHA256')
      .update(fields.appid + token)
      .sign(access.privateKey, 'hex')
    return { ...fields, encryptionalgorithm: 'RSA', sign }
  }
  const signed = fields.appid + fields.version + msgid + fields.systemtime + fields.strictcheck + token + access.appSecret
  return { ...fields, sign: createHash('md5').update(signed).digest('hex').toUpperCase() }
}

function readAnswer(
  access: ChinaMobileAccess,
  reader: AnswerReader,
  fields: Record<string, unknown>,
  msgid: string,
): ExchangeAnswer {
  if (!reader.echoes(msgid, fields.inresponseto)) return failed('the answer belongs to another request')
  const code = fields.resultCode
  if (!reader.isSuccess(code, '103000')) {
    if (typeof code !== 'string') return failed('no result code')
    return TOKEN_CODES.has(code) ? { kind: 'refused', code } : failed(`result code ${code}`)
  }
  if (access.privateKey === undefined) return numberAnswer(fields.msisdn)
  return numberAnswer(openedHex(access.privateKey, fields.msisdn))
}

/** Hex RSA PKCS#1 v1.5; padding and hex are assumed, as open-source clients do. Undefined when it cannot be opened. */
function openedHex(key: KeyObject, value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^(?:[0-9a-fA-F]{2})+$/.test(value)) return undefined
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(value, 'hex')).toString('utf8')
  } catch {
    // Node reports a wrong key, length or padding by codes that differ between OpenSSL versions; each means "not for us".
    return undefined
  }
}

/** `yyyyMMddHHmmssSSS` in Beijing time, which has no daylight saving. */
export function beijingTime(atMs: number): string {
  return new Date(atMs + 8 * 3_600_000).toISOString().replace(/\D/g, '')
}
