import { createHash, createHmac, randomUUID } from 'node:crypto'
import { beijingTime } from './china-mobile.ts'
import type { ClientMeans } from './client-means.ts'
import type { NumberCheckClient, VerifyAnswer } from './exchange.ts'
import { failed } from './exchange.ts'

export interface NumberCheckAccess {
  appId: string
  /** Not the secret of loginTokenValidate. */
  appKey: string
}

/** Token check failed; invalid parameter and parse error, of which a client chooses only the token. */
const TOKEN_CODES = new Set(['606', '102', '303'])

/**
 * China Mobile `tokenValidate`: the number goes out hashed, the answer is yes (000) or no (001). An SMS-assist success would be
 * no proof that the number is the device's, so the option is not used. Source: the carrier's server document of 2020-09-24.
 */
export function chinaMobileNumberCheck(access: NumberCheckAccess, means: ClientMeans): NumberCheckClient {
  const { transport, reader, nowMs } = means
  return {
    close: () => transport.close(),
    async verify(token, msisdn) {
      const header = { version: '1.0', msgId: randomUUID(), timestamp: beijingTime(nowMs()), appId: access.appId }
      const body = JSON.stringify({ header, body: signedBody(access, header, token, msisdn) })
      const reply = reader.fields(await transport.post('/openapi/rs/tokenValidate', 'application/json', body))
      return reply.kind === 'failed' ? reply : readAnswer(header.msgId, reply.fields)
    },
  }
}

interface Header {
  version: string
  msgId: string
  timestamp: string
  appId: string
}

function signedBody({ appId, appKey }: NumberCheckAccess, header: Header, token: string, msisdn: string) {
  const { msgId, timestamp, version } = header
  const phoneNum = createHash('sha256')
    .update(msisdn + appKey + timestamp)
    .digest('hex')
    .toUpperCase()
  const signed = appId + msgId + phoneNum + timestamp + token + version
  const sign = createHmac('sha256', appKey).update(signed).digest('hex').toUpperCase()
  return { openType: '1', requesterType: '0', keyType: '0', phoneNum, token, sign }
}

function readAnswer(msgId: string, fields: Record<string, unknown>): VerifyAnswer {
  const { header } = fields
  if (typeof header !== 'object' || header === null) return failed('no header')
  const { msgId: echoed, resultCode } = header as Record<string, unknown>
  if (echoed !== msgId) return failed('the answer belongs to another request')
  if (typeof resultCode !== 'string') return failed('no result code')
  if (resultCode === '000' || resultCode === '001') return { kind: 'verified', match: resultCode === '000' }
  return TOKEN_CODES.has(resultCode) ? { kind: 'refused', code: resultCode } : failed(`result code ${resultCode}`)
}
