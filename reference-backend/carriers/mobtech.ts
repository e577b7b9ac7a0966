import { createDecipheriv, createHash } from 'node:crypto'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient } from './exchange.ts'
import { failed, numberAnswer, parsedObject } from './exchange.ts'

export interface MobtechAccess {
  appKey: string
  appSecret: string
}

/** Token not found, token illegal, data check failed: tokens and carrier's name are the only data a client chooses. */
const TOKEN_CODES = new Set([4119301, 4119310, 4119311])

/** MobTech `sdkClientFreeLogin`: JSON signed by MD5 over sorted `name=value` pairs, the number enciphered by DES. */
export function mobtechClient(access: MobtechAccess, { transport, reader, writer, nowMs }: ClientMeans): CarrierClient {
  return {
    appId: access.appKey,
    close: () => transport.close(),
    async exchange({ token, opToken, operator, appId: appkey }) {
      const fields = { appkey, opToken, operator, timestamp: String(nowMs()), token }
      const body = writer.json({ ...fields, sign: mobtechSign(access.appSecret, fields) })
      const headers = { 'content-type': 'application/json', appkey }
      const answer = await transport.send({ method: 'POST', path: '/auth/auth/sdkClientFreeLogin', headers, body })
      const reply = reader.fields(answer)
      if (reply.kind === 'failed') return reply
      const { status, res } = reply.fields
      if (!reader.isSuccess(status, 200)) {
        if (typeof status !== 'number') return failed('no status')
        return TOKEN_CODES.has(status) ? { kind: 'refused', code: String(status) } : failed(`status ${status}`)
      }
      const opened = typeof res === 'string' ? parsedObject(openedRes(access.appSecret, res)) : undefined
      // 1 is a success, 2 a failure: with `valid` beside it there are two answers, and both must be yes.
      if (opened?.isValid !== 1 || opened.valid !== true) return failed('success that is not valid')
      return numberAnswer(opened.phone)
    },
  }
}

export function mobtechSign(appSecret: string, fields: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('md5')
    .update(sorted.map(([name, value]) => `${name}=${value}`).join('&') + appSecret)
    .digest('hex')
}

/**
 * DES-CBC, key the first 8 characters of the secret, IV eight zeros. OpenSSL 3 has no single DES; triple DES with one key
 * three times over is the same. Empty when it cannot be opened.
 */
export function openedRes(appSecret: string, base64: string): string {
  try {
    const key = Buffer.from(appSecret.slice(0, 8).repeat(3), 'latin1')
    const decipher = createDecipheriv('des-ede3-cbc', key, Buffer.from('00000000'))
    return decipher.update(base64, 'base64', 'utf8') + decipher.final('utf8')
  } catch {
    // OpenSSL's codes for a wrong key, length or padding differ between versions; each means an answer we cannot read.
    return ''
  }
}
