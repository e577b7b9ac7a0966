import type { Json } from '../../src/contract/json.ts'

/** A JSON Web Token taken apart by hand: a library would refuse to write what an attacker writes. */
export interface JwtParts {
  /** Text of the credential around the token, for instance `sid=` of a cookie. */
  before: string
  after: string
  /** Encoded, as found. */
  header: string
  payload: string
  signature: string
  headerJson: { readonly [key: string]: Json }
  payloadJson: { readonly [key: string]: Json }
}

/** Finds the token inside a credential; undefined unless there are three base64url parts with JSON objects in the first two. */
export function splitJwt(credential: string): JwtParts | undefined {
  const match = /([\w-]{4,})\.([\w-]{4,})\.([\w-]*)/.exec(credential)
  const [whole, header, payload, signature] = match ?? []
  if (match === null || whole === undefined || header === undefined || payload === undefined || signature === undefined)
    return undefined
  const headerJson = decodeObject(header)
  const payloadJson = decodeObject(payload)
  if (headerJson === undefined || payloadJson === undefined) return undefined
  const before = credential.slice(0, match.index)
  return { before, after: credential.slice(match.index + whole.length), header, payload, signature, headerJson, payloadJson }
}

/** Puts the credential together again around other parts. */
export function joinJwt({ before, after }: JwtParts, ...parts: readonly string[]): string {
  return before + parts.join('.') + after
}

export function encodeJson(value: Json): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/**
 * The payload with the attacker's account id exchanged for the victim's wherever it stands; the victim's own claims when it stands
 * nowhere (the claims then name the account by another id, which the harness lends: ids are no secrets).
 */
export function payloadFor(own: JwtParts, ownAccount: string, victim: JwtParts, victimAccount: string): Json {
  const swapped = swap(own.payloadJson, ownAccount, victimAccount)
  return JSON.stringify(swapped) === JSON.stringify(own.payloadJson) ? victim.payloadJson : swapped
}

function swap(value: Json, from: string, to: string): Json {
  if (value === from) return to
  if (typeof value === 'number' && String(value) === from) return Number(to)
  if (Array.isArray(value)) return value.map((inner: Json) => swap(inner, from, to))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, swap(inner ?? null, from, to)]))
}

function decodeObject(part: string): { readonly [key: string]: Json } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as { [key: string]: Json }) : undefined
  } catch {
    return undefined
  }
}
