import { constants, createCipheriv, createDecipheriv, createHash, publicDecrypt, publicEncrypt, randomBytes } from 'node:crypto'
import type { ChinaUnicomAccess } from '../environment.ts'
import { callCarrier, type Exchange, jsonObject, phoneAnswer, unavailable } from './call.ts'

const PATH = '/api/netm/v1.0/qhbt'

/** Unknown, used or too old; parameter error (the token is the one parameter a client chooses). */
const REFUSALS = new Set([104201, 1001])

/** China Unicom `qhbt`: an AES envelope whose key travels under the platform's RSA key, both ways. Rejects when no answer came. */
export async function exchangeAtChinaUnicom(access: ChinaUnicomAccess, accessCode: string): Promise<Exchange> {
  // 32 ASCII characters: 16 of key, 16 of IV.
  const envelopeKey = randomBytes(16).toString('hex')
  const plain = JSON.stringify({
    app: { c: '1', md5: '', n: 'cookie-shop', pk: access.packageName, v: '1.0' },
    data: { accessCode },
  })
  const cipher = createCipheriv('aes-128-cbc', envelopeKey.slice(0, 16), envelopeKey.slice(16))
  const params = cipher.update(plain, 'utf8', 'base64') + cipher.final('base64')
  const padded = { key: access.platformKey, padding: constants.RSA_PKCS1_PADDING }
  const paramsKey = publicEncrypt(padded, Buffer.from(envelopeKey)).toString('base64')
  const { apiKey } = access
  const sign = createHash('md5').update(`${apiKey}${PATH}?apiKey=${apiKey}&params=${params}&paramsKey=${paramsKey}`).digest('hex')
  const answer = await callCarrier(
    access.url + PATH,
    'application/x-www-form-urlencoded',
    new URLSearchParams({ apiKey, params, paramsKey, sign }).toString(),
  )
  if (answer.code === 0) return openEnvelope(answer.obj, padded)
  if (typeof answer.code === 'number' && REFUSALS.has(answer.code)) return { kind: 'refused' }
  return unavailable(`code ${String(answer.code)}`)
}

/** Throws when the envelope does not open; to the caller that is the same as no answer. */
function openEnvelope(envelope: unknown, padded: Parameters<typeof publicDecrypt>[0]): Exchange {
  if (typeof envelope !== 'object' || envelope === null) return unavailable('a success without obj')
  const { data, aesKey } = envelope as Record<string, unknown>
  if (typeof data !== 'string' || typeof aesKey !== 'string') return unavailable('a success without data and aesKey')
  const opened = publicDecrypt(padded, Buffer.from(aesKey, 'base64')).toString('latin1')
  if (opened.length !== 32) return unavailable('aesKey does not hold key and IV')
  const decipher = createDecipheriv('aes-128-cbc', opened.slice(0, 16), opened.slice(16))
  return phoneAnswer(jsonObject(decipher.update(data, 'base64', 'utf8') + decipher.final('utf8')).mobile)
}
