import { constants, privateDecrypt, sign as signBytes } from 'node:crypto'
import type { ChinaTelecomAccess } from '../environment.ts'
import { callCarrier, type Exchange, jsonObject, phoneAnswer, unavailable } from './call.ts'
import { xxteaEncrypt } from './xxtea.ts'

/** Parameter empty; no number for this token; token of another app or business. */
const REFUSALS = new Set(['51002', '51114', '51207', '51208'])

/** China Telecom `sdkcodeinfo.do`: parameters under XXTEA, SHA1withRSA signature, the number under our own RSA key. Rejects when no answer came. */
export async function exchangeAtChinaTelecom(
  access: ChinaTelecomAccess,
  accessCode: string,
  authCode: string,
): Promise<Exchange> {
  const format = 'json'
  const timeStamp = String(Date.now())
  const params = xxteaEncrypt(`accessCode=${accessCode}&authCode=${authCode}`, access.appSecret).toString('hex')
  const sign = signBytes('sha1', Buffer.from(access.appId + format + params + timeStamp), access.privateKey)
    .toString('hex')
    .toUpperCase()
  const answer = await callCarrier(
    `${access.url}/auth/sdkcodeinfo.do`,
    'application/x-www-form-urlencoded;charset=UTF-8',
    new URLSearchParams({ appId: access.appId, timeStamp, format, params, sign }).toString(),
  )
  if (answer.result === '0') return phoneAnswer(openData(answer.data, access))
  if (typeof answer.result === 'string' && REFUSALS.has(answer.result)) return { kind: 'refused' }
  return unavailable(`result ${String(answer.result)}`)
}

/** Throws when the data does not open; to the caller that is the same as no answer. */
function openData(data: unknown, access: ChinaTelecomAccess): unknown {
  if (typeof data !== 'string') return undefined
  const opened = privateDecrypt({ key: access.privateKey, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(data, 'hex'))
  return jsonObject(opened.toString('utf8')).mobile
}
