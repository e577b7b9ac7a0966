import { constants, createSign, type KeyObject, privateDecrypt } from 'node:crypto'
import type { AnswerReader } from '../controls/carrier-answer-read.ts'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient, ExchangeAnswer } from './exchange.ts'
import { failed, numberAnswer, parsedObject } from './exchange.ts'
import { xxteaEncrypt } from './xxtea.ts'

export interface ChinaTelecomAccess {
  appId: string
  appSecret: string
  /** Our half of the partner key: signs requests and opens the number. */
  privateKey: KeyObject
}

/** Cannot get the number; code of another app; code of another business; parameter empty. */
const TOKEN_CODES = new Set(['51114', '51207', '51208', '51002'])

/**
 * China Telecom `sdkcodeinfo.do` (Tianyi account): a form with XXTEA-enciphered parameters, SHA1withRSA signed, the number
 * enciphered for the partner's key. Padding, key normalisation and the layout inside `data` are assumed.
 */
export function chinaTelecomClient(access: ChinaTelecomAccess, means: ClientMeans): CarrierClient {
  const { transport, reader, writer, nowMs } = means
  const secret = Buffer.from(access.appSecret, 'utf8')
  return {
    appId: access.appId,
    close: () => transport.close(),
    async exchange({ token, authCode, appId }) {
      // Not form-encoded: both values are admitted only in letters and digits, and that is what the carrier's sample shows.
      const params = xxteaEncrypt(Buffer.from(`accessCode=${token}&authCode=${authCode}`, 'utf8'), secret).toString('hex')
      const form = writer.form(signedFields(access, appId, params, String(nowMs())))
      const type = 'application/x-www-form-urlencoded;charset=UTF-8'
      const reply = reader.fields(await transport.post('/auth/sdkcodeinfo.do', type, form))
      return reply.kind === 'failed' ? reply : readAnswer(access.privateKey, reader, reply.fields)
    },
  }
}

/** Values are signed in the order of their names: appId, format, params, timeStamp. */
function signedFields(access: ChinaTelecomAccess, appId: string, params: string, timeStamp: string): Record<string, string> {
  const format = 'json'
  const signed = appId + format + params + timeStamp
  const sign = createSign('RSA-SHA1').update(signed).sign(access.privateKey, 'hex').toUpperCase()
  return { appId, timeStamp, format, params, sign }
}

function readAnswer(key: KeyObject, reader: AnswerReader, fields: Record<string, unknown>): ExchangeAnswer {
  const { result, data } = fields
  if (!reader.isSuccess(result, '0')) {
    if (typeof result !== 'string') return failed('no result code')
    return TOKEN_CODES.has(result) ? { kind: 'refused', code: result } : failed(`result code ${result}`)
  }
  if (typeof data !== 'string' || !/^(?:[0-9a-fA-F]{2})+$/.test(data)) return failed('success without data')
  const plain = openedData(key, data)
  return plain === undefined ? failed('data cannot be deciphered') : numberAnswer(parsedObject(plain)?.mobile)
}

/** Undefined when the data was not enciphered for our key. */
function openedData(key: KeyObject, hex: string): string | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(hex, 'hex')).toString('utf8')
  } catch {
    // OpenSSL's codes for a wrong key, length or padding differ between versions; each means an answer we cannot read.
    return undefined
  }
}
