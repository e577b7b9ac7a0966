import { constants, type KeyObject, privateDecrypt } from 'node:crypto'
import type { ClientMeans } from './client-means.ts'
import type { CarrierClient } from './exchange.ts'
import { failed, numberAnswer } from './exchange.ts'

export interface JiguangAccess {
  appKey: string
  masterSecret: string
  /** Opens the number. */
  privateKey: KeyObject
}

/** 8001 number not obtained, 9003 token expired or unknown, 1801 and 9012 parameter: the token is the only one a client chooses. */
const TOKEN_CODES = new Set([8001, 9003, 1801, 9012])

/** Jiguang `loginTokenVerify`: HTTP Basic, the number enciphered by RSA PKCS#1 v1.5 in base64. Its `id` exceeds 2^53 and is not read. */
export function jiguangClient(access: JiguangAccess, { transport, reader, writer }: ClientMeans): CarrierClient {
  const authorization = `Basic ${Buffer.from(`${access.appKey}:${access.masterSecret}`).toString('base64')}`
  return {
    appId: access.appKey,
    close: () => transport.close(),
    async exchange({ token }) {
      const headers = { 'content-type': 'application/json', authorization }
      const body = writer.json({ loginToken: token })
      const answer = await transport.send({ method: 'POST', path: '/v1/web/loginTokenVerify', headers, body })
      const reply = reader.fields(answer)
      if (reply.kind === 'failed') return reply
      const { code, phone } = reply.fields
      if (!reader.isSuccess(code, 8000)) {
        if (typeof code !== 'number') return failed('no result code')
        return TOKEN_CODES.has(code) ? { kind: 'refused', code: String(code) } : failed(`result code ${code}`)
      }
      return typeof phone === 'string' ? numberAnswer(opened(access.privateKey, phone)) : failed('success without a number')
    },
  }
}

/** Undefined when the number was not enciphered for our key. */
function opened(key: KeyObject, base64: string): string | undefined {
  try {
    return privateDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(base64, 'base64')).toString('utf8')
  } catch {
    // OpenSSL's codes for a wrong key, length or padding differ between versions; each means an answer we cannot read.
    return undefined
  }
}
