import { createHmac } from 'node:crypto'
import { rfc3986, sortedQuery } from './rfc3986.ts'
import type { StringFields } from './string-fields.ts'

/** `METHOD&%2F&…` over all query and form parameters but `Signature` ([S15]). */
export function rpcStringToSign(method: string, params: StringFields): string {
  const { Signature: _unsigned, ...signed } = params
  return `${method}&%2F&${rfc3986(sortedQuery(signed))}`
}

/** HMAC-SHA1 with `AccessKeySecret + "&"`, base64. */
export function rpcSignature(stringToSign: string, accessKeySecret: string): string {
  return createHmac('sha1', `${accessKeySecret}&`).update(stringToSign).digest('base64')
}
