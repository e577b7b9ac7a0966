import { createHmac, hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { sortedQuery } from './rfc3986.ts'
import type { StringFields } from './string-fields.ts'

/** What `Authorization: ACS3-HMAC-SHA256 Credential=…,SignedHeaders=…,Signature=…` holds. */
export interface Acs3Authorization {
  algorithm: string
  accessKeyId: string
  signedHeaders: readonly string[]
  signature: string
}

/** The signed request in pieces. `query` is decoded: the SDK leaves `*` bare on the wire and signs `%2A`, so raw text will not do. */
export interface Acs3Request {
  method: string
  path: string
  query: StringFields
  headers: IncomingHttpHeaders
  body: string
}

export const ACS3_ALGORITHM = 'ACS3-HMAC-SHA256'

export function acs3Authorization(header: string | undefined): Acs3Authorization | undefined {
  const match = /^(ACS3-[A-Z0-9-]+) (.+)$/.exec(header ?? '')
  const parts = new Map((match?.[2] ?? '').split(',').map(part => splitAt(part.trim())))
  const [accessKeyId, names, signature] = ['Credential', 'SignedHeaders', 'Signature'].map(name => parts.get(name))
  if (accessKeyId === undefined || names === undefined || signature === undefined) return undefined
  return { algorithm: match?.[1] ?? '', accessKeyId, signedHeaders: names.split(';'), signature }
}

function splitAt(part: string): [string, string] {
  const mark = part.indexOf('=')
  return mark < 0 ? [part, ''] : [part.slice(0, mark), part.slice(mark + 1)]
}

/** Headers that must be signed when present: `host`, `content-type` and every `x-acs-…`. */
export function acs3HeaderNames(headers: IncomingHttpHeaders): string[] {
  return Object.keys(headers)
    .filter(name => name.startsWith('x-acs-') || name === 'host' || name === 'content-type')
    .sort()
}

/** `ACS3-HMAC-SHA256\n` and the hash of the canonical request over these headers ([S15]). */
export function acs3StringToSign(request: Acs3Request, signedHeaders: readonly string[]): string {
  const names = [...signedHeaders].sort()
  const canonicalHeaders = names.map(name => `${name}:${String(request.headers[name] ?? '').trim()}\n`).join('')
  const path = request.path.replaceAll('+', '%20').replaceAll('*', '%2A').replaceAll('%7E', '~')
  const canonical = [
    request.method,
    path,
    sortedQuery(request.query),
    canonicalHeaders,
    names.join(';'),
    acs3BodyHash(request.body),
  ]
  return `${ACS3_ALGORITHM}\n${hash('sha256', canonical.join('\n'), 'hex')}`
}

export function acs3BodyHash(body: string): string {
  return hash('sha256', body, 'hex')
}

/** Lower-case hex. */
export function acs3Signature(stringToSign: string, accessKeySecret: string): string {
  return createHmac('sha256', accessKeySecret).update(stringToSign).digest('hex')
}
