import { createHash, randomBytes } from 'node:crypto'
import type { ChinaMobileAccess } from '../environment.ts'
import { callCarrier, type Exchange, phoneAnswer, unavailable } from './call.ts'

/** The codes that speak about the token, the one value a client chooses. All others are about us (app, signature, quota) or the carrier's health. */
const REFUSALS = new Set(['103113', '103133', '103414', '103811', '104201', '105018'])

/** China Mobile `loginTokenValidate` in MD5 mode. Rejects when no answer came. */
export async function exchangeAtChinaMobile(access: ChinaMobileAccess, accessCode: string): Promise<Exchange> {
  const version = '2.0'
  const strictcheck = '0'
  const msgid = randomBytes(16).toString('hex')
  const systemtime = beijingTime(Date.now())
  const sign = createHash('md5')
    .update(access.appId + version + msgid + systemtime + strictcheck + accessCode + access.appSecret)
    .digest('hex')
    .toUpperCase()
  const answer = await callCarrier(
    `${access.url}/unisdk/rsapi/loginTokenValidate`,
    'application/json',
    JSON.stringify({ version, msgid, systemtime, strictcheck, appid: access.appId, expandparams: '', token: accessCode, sign }),
  )
  // Someone else's answer on our connection would be someone else's number.
  if (answer.inresponseto !== msgid) return unavailable('the answer is not to this request')
  if (answer.resultCode === '103000') return phoneAnswer(answer.msisdn)
  if (typeof answer.resultCode === 'string' && REFUSALS.has(answer.resultCode)) return { kind: 'refused' }
  return unavailable(`resultCode ${String(answer.resultCode)}`)
}

/** `yyyyMMddHHmmssSSS`, UTC+8. */
function beijingTime(epochMs: number): string {
  return new Date(epochMs + 8 * 3_600_000).toISOString().replace(/\D/g, '')
}
