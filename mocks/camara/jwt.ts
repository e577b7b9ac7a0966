import { constants, type KeyObject, sign, verify } from 'node:crypto'
import { jsonObject } from '../wire/string-fields.ts'

export type Claims = Readonly<Record<string, unknown>>

export interface ReadJwt {
  header: Claims
  claims: Claims
}

/** A JWT signed with RS256, as identity tokens are by default. */
export function signJwt(claims: Claims, key: KeyObject, kid: string): string {
  const input = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(claims)}`
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}

/** Reads a JWT without believing it: enough to learn whose key to try. Undefined when it is none. */
export function readJwt(token: string): ReadJwt | undefined {
  const parts = token.split('.')
  const [header, claims] = parts.slice(0, 2).map(part => jsonObject(Buffer.from(part, 'base64url').toString('utf8')))
  return parts.length === 3 && header !== undefined && claims !== undefined ? { header, claims } : undefined
}

/** Whether an RSA key signed this JWT. The algorithms are ours to choose, never the token's: RS256 or PS256. */
export function isSignedBy(token: string, key: KeyObject): boolean {
  const alg = readJwt(token)?.header.alg
  if (alg !== 'RS256' && alg !== 'PS256') return false
  const end = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(end + 1), 'base64url')
  const padding = alg === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING
  return verify('sha256', Buffer.from(token.slice(0, end)), { key, padding, saltLength: 32 }, signature)
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
