import { createHash, createHmac, randomBytes } from 'node:crypto'

/** An access key of the cloud. */
export interface AlibabaAccess {
  accessKeyId: string
  accessKeySecret: string
}

type Parameters = Readonly<Record<string, string>>

/** SHA-256 of nothing: the body is empty, everything is in the query. */
const EMPTY_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** RFC 3986: what encodeURIComponent leaves alone and the signature does not. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, sign => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

function sortedQuery(parameters: Parameters): string {
  const pairs = Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))
  return pairs.map(([name, value]) => `${percentEncoded(name)}=${percentEncoded(value)}`).join('&')
}

export interface SignedCall {
  path: string
  headers: Record<string, string>
}

/** Signature version 3 (ACS3-HMAC-SHA256) of a POST to `/` with all parameters in the query, as the vendor's SDK sends it. */
export function acs3Call(
  access: AlibabaAccess,
  host: string,
  action: string,
  version: string,
  parameters: Parameters,
  at: { nowMs: number; nonce?: string },
): SignedCall {
  const query = sortedQuery(parameters)
  const headers: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': EMPTY_BODY,
    'x-acs-date': secondsIso(at.nowMs),
    'x-acs-signature-nonce': at.nonce ?? randomBytes(32).toString('hex'),
    'x-acs-version': version,
  }
  const names = Object.keys(headers).sort()
  const lines = names.map(name => `${name}:${headers[name]}\n`).join('')
  const canonical = ['POST', '/', query, lines, names.join(';'), EMPTY_BODY].join('\n')
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`
  const signature = createHmac('sha256', access.accessKeySecret).update(toSign).digest('hex')
  const authorization = `ACS3-HMAC-SHA256 Credential=${access.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { path: `/?${query}`, headers: { ...headers, authorization } }
}

/** Signature of the older RPC style (HMAC-SHA1), everything in the query of a POST to `/`. */
export function rpcCall(access: AlibabaAccess, parameters: Parameters, at: { nowMs: number; nonce?: string }): string {
  const all: Parameters = {
    ...parameters,
    Format: 'JSON',
    AccessKeyId: access.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: at.nonce ?? randomBytes(16).toString('hex'),
    SignatureVersion: '1.0',
    Timestamp: secondsIso(at.nowMs),
  }
  const query = sortedQuery(all)
  const toSign = `POST&%2F&${percentEncoded(query)}`
  const signature = createHmac('sha1', `${access.accessKeySecret}&`).update(toSign).digest('base64')
  return `/?${query}&Signature=${percentEncoded(signature)}`
}

/** `YYYY-MM-DDThh:mm:ssZ`. */
function secondsIso(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`
}
