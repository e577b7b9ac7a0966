import { createHash } from 'node:crypto'

/** How a secret could be written down without standing there as it is. */
const WRITTEN: readonly [string, (secret: string) => string][] = [
  ['as it is', secret => secret],
  ['backwards', secret => [...secret].reverse().join('')],
  ['in hex', secret => Buffer.from(secret).toString('hex')],
  ['percent-encoded', secret => [...Buffer.from(secret)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')],
  ['in JSON escapes', secret => [...secret].map(c => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
]

/** A number as people group it, beside every way of writing a secret. */
const GROUPED: readonly [string, (number: string) => string][] = [
  ['with spaces', number => `${number.slice(0, 3)} ${number.slice(3, 7)} ${number.slice(7)}`],
  ['with dashes', number => `${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`],
]

/** In which ways a secret of some length (8 characters and more) stands in a text; also inside anything there in base64, such as a JWT. */
export function disclosures(text: string, secret: string): string[] {
  const seen = text.toLowerCase()
  const found = WRITTEN.filter(([, write]) => seen.includes(write(secret).toLowerCase())).map(([name]) => name)
  const inBase64 = (text.match(/[\w+/-]{10,}={0,2}/g) ?? []).some(part => decodings(part).some(inner => inner.includes(secret)))
  return inBase64 ? [...found, 'in base64'] : found
}

/** As `disclosures`, for a phone number, country code before it or not. */
export function numberDisclosures(text: string, number: string): string[] {
  const grouped = GROUPED.filter(([, write]) => text.includes(write(number))).map(([name]) => name)
  return [...disclosures(text, number), ...grouped]
}

/** In which ways a code of a few digits stands in a text, its digests included: a million of them are tried in a second. */
export function codeDisclosures(text: string, code: string): string[] {
  const seen = text.toLowerCase()
  // Between other digits it would be part of another number.
  const found = new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text) ? ['as it is'] : []
  for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512']) {
    const digest = createHash(algorithm).update(code).digest()
    const written = [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')]
    if (written.some(one => seen.includes(one.toLowerCase()))) found.push(`as ${algorithm}`)
  }
  if (text.includes(Buffer.from(code).toString('base64').replaceAll('=', ''))) found.push('in base64')
  return found
}

/** A run of base64 may begin anywhere in its alphabet's rhythm, so all four are read. */
function decodings(part: string): string[] {
  return [0, 1, 2, 3].map(offset => Buffer.from(part.slice(offset), 'base64').toString('latin1'))
}
