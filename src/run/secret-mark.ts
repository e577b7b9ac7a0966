import { createHmac } from 'node:crypto'

/**
 * What stands in a secret's place: `[secret:kbmcaplfdgho]`. A function of the secret alone as long as the salt is the same, so that
 * equal stays equal and different stays different for whoever judges the evidence later. Salted, because a short secret (a
 * six-digit code) could be found again from a plain hash; 48 bits, because two of ten thousand must not look the same by chance;
 * letters only, because digits could be taken for a phone number.
 */
export type Mark = (secret: string) => string

const LETTERS = 'abcdefghijklmnop'
const WHOLE_MARK = /^\[(?:secret|jwt|carrier-token):[a-p]{12}\]$/

export function createMark(salt: string): Mark {
  return secret => {
    const plain = decoded(secret)
    const hex = createHmac('sha256', salt).update(plain).digest('hex').slice(0, 12)
    return `[${labelOf(plain)}:${hex.replace(/./g, digit => LETTERS[Number.parseInt(digit, 16)] ?? '')}]`
  }
}

export function isMark(text: string): boolean {
  return WHOLE_MARK.test(text)
}

/** The same secret as it may stand in a URL, a form, a cookie or a JSON text. The first is the plain one. */
export function spellings(secret: string): string[] {
  const plain = decoded(secret)
  const inUrl = (text: string): string => encodeURIComponent(text.toWellFormed())
  return [...new Set([plain, secret, inUrl(plain), inUrl(secret), JSON.stringify(plain).slice(1, -1)])]
}

function decoded(secret: string): string {
  if (!secret.includes('%')) return secret
  try {
    return decodeURIComponent(secret)
  } catch {
    return secret
  }
}

/** Told by the secret's own form, not by where it was found: where it is found first depends on the order of records. */
function labelOf(secret: string): string {
  if (/^ey[JA][\w-]+\./.test(secret)) return 'jwt'
  return /^STsid\d{19}|^nm[0-9a-f]{32}$/.test(secret) ? 'carrier-token' : 'secret'
}
