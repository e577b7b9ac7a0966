import { constants, createDecipheriv, createHash, createHmac, type KeyObject, privateDecrypt } from 'node:crypto'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient } from './exchange.ts'
import { failed, numberAnswer } from './exchange.ts'

export interface ChuanglanAccess {
  appId: string
  appKey: string
  /** Turns on RSA for the number; AES with a key made of appKey without it. */
  privateKey: KeyObject | undefined
}

/**
 * No code for an expired or used token is documented. Counted as one: parameter check, user check, business operation failed,
 * failed at the external system (the carrier).
 */
const TOKEN_CODES = new Set(['400001', '403000', '500003', '500006'])

/** Chuanglan 253 `mobile-query`: a form signed by HMAC-SHA256 over sorted names and values. */
export function chuanglanClient(access: ChuanglanAccess, { transport, reader, writer }: ClientMeans): CarrierClient {
  return {
    appId: access.appId,
    close: () => transport.close(),
    async exchange({ token, appId }) {
      const fields = { appId, token, encryptType: access.privateKey === undefined ? '0' : '1' }
      const form = writer.form({ ...fields, sign: chuanglanSign(access.appKey, fields) })
      const type = 'application/x-www-form-urlencoded'
      const reply = reader.fields(await transport.post('/open/flashsdk/mobile-query', type, form))
      if (reply.kind === 'failed') return reply
      const { code, data } = reply.fields
      if (!reader.isSuccess(code, '200000')) {
        if (typeof code !== 'string') return failed('no result code')
        return TOKEN_CODES.has(code) ? { kind: 'refused', code } : failed(`result code ${code}`)
      }
      return numberAnswer(openedName(access, data))
    },
  }
}

/** Lower-case hex; names and values follow each other without a sign between. */
export function chuanglanSign(appKey: string, fields: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHmac('sha256', appKey).update(sorted.flat().join('')).digest('hex')
}

/** Undefined when there is no `mobileName` that can be opened. */
function openedName(access: ChuanglanAccess, data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('mobileName' in data)) return undefined
  const { mobileName } = data
  if (typeof mobileName !== 'string' || !/^(?:[0-9a-fA-F]{2})+$/.test(mobileName)) return undefined
  const sealed = Buffer.from(mobileName, 'hex')
  try {
    if (access.privateKey !== undefined) {
      return privateDecrypt({ key: access.privateKey, padding: constants.RSA_PKCS1_PADDING }, sealed).toString('utf8')
    }
    const hash = createHash('md5').update(access.appKey).digest('hex')
    const decipher = createDecipheriv('aes-128-cbc', hash.slice(0, 16), hash.slice(16))
    return decipher.update(sealed).toString('utf8') + decipher.final('utf8')
  } catch {
    // OpenSSL's codes for a wrong key, length or padding differ between versions; each means an answer we cannot read.
    return undefined
  }
}
