import { createHash } from 'node:crypto'
import type { Json } from '../contract/json.ts'

/**
 * Takes secrets and whole phone numbers out of anything before it is written. One redactor lives as long as a run: a secret
 * learnt from a field is hidden wherever it turns up, and always by the same mark, so that equal stays equal for the judge.
 */
export interface Redactor {
  /** Values to hide from now on, for instance keys and the control token. Shorter than 8 characters are left alone. */
  hide(label: string, value: string): void
  redact<T>(value: T): T
}

/** Fields whose text is a secret wherever they stand. */
const SECRET_FIELDS = new Set([
  'credential',
  'token',
  'tokena',
  'token_a',
  'access_token',
  'refresh_token',
  'authcode',
  'nonce',
  'password',
  'secret',
])
const SECRET_HEADERS = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

const NUMBER = /(?<![0-9A-Za-z])((?:\+?86|0086)?1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])/g
const IMSI = /(?<!\d)460\d{8}(\d{4})(?!\d)/g
const JWT = /eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*\.?[A-Za-z0-9_-]*/g
const CARRIER_TOKEN = /STsid\d{19}[0-9A-Za-z]{16,}|(?<![0-9a-z])nm[0-9a-f]{32}(?![0-9a-z])/g
/** Longest secret list kept: the oldest go first, so that a long run does not grow without bound. */
const MOST_SECRETS = 5000

export function createRedactor(): Redactor {
  const secrets = new Map<string, string>()

  const hide = (label: string, value: string): void => {
    if (value.length < 8 || secrets.has(value)) return
    if (secrets.size >= MOST_SECRETS) {
      const oldest = secrets.keys().next().value
      if (oldest !== undefined) secrets.delete(oldest)
    }
    secrets.set(value, mark(label, value))
  }

  const clean = (text: string): string => {
    let out = text
    for (const [secret, replacement] of secrets) if (out.includes(secret)) out = out.replaceAll(secret, replacement)
    return out
      .replace(CARRIER_TOKEN, found => mark('token', found))
      .replace(JWT, found => mark('jwt', found))
      .replace(IMSI, '460********$1')
      .replace(NUMBER, '$1****$2')
  }

  const walk = (value: unknown): unknown => {
    if (typeof value === 'string') return clean(value)
    if (Array.isArray(value)) return value.map(walk)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        clean(key),
        SECRET_HEADERS.has(key.toLowerCase()) ? headerMark(inner) : walk(inner),
      ]),
    )
  }

  return {
    hide,
    redact<T>(value: T): T {
      learn(value, hide)
      return walk(value) as T
    },
  }
}

/** First pass: secrets named by their field, also inside JSON or form text that a body carries. */
function learn(value: unknown, hide: (label: string, value: string) => void): void {
  if (typeof value === 'string') {
    const parsed = parseMaybe(value)
    if (parsed !== undefined) learn(parsed, hide)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && SECRET_FIELDS.has(key.toLowerCase())) hide(key.toLowerCase(), inner)
    if (typeof inner === 'string' && SECRET_HEADERS.has(key.toLowerCase()))
      for (const part of headerSecrets(inner)) hide(key.toLowerCase(), part)
    learn(inner, hide)
  }
}

function parseMaybe(text: string): Json | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** Values inside a credential header: after `Bearer `, and each cookie's value. */
function headerSecrets(header: string): string[] {
  return header.split(/[;,]/).flatMap(part => {
    const value = part.includes('=') ? part.slice(part.indexOf('=') + 1) : part.replace(/^\s*[A-Za-z]+\s+/, '')
    return /^\s*(path|domain|expires|max-age|samesite)\s*=/i.test(part) ? [] : [value.trim()]
  })
}

function headerMark(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const name = /^\s*(Bearer|Basic|[^=;\s]+(?==))/i.exec(value)?.[1]
  return `${name === undefined ? '' : `${name} `}${mark('header', value)}`
}

/** `[token 3fa2c1d0]`: eight hex digits of the SHA-256, enough to see which are the same. */
function mark(label: string, value: string): string {
  return `[${label} ${createHash('sha256').update(value).digest('hex').slice(0, 8)}]`
}
