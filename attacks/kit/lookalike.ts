import type { Rng } from '../../src/contract/rng.ts'

const DIGITS = '0123456789'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const HEX = `${DIGITS}abcdef`

/** Carriers' tokens end in 32 random characters; what stands before (prefix, version, time) is kept, so that only the secret is invented. */
const SECRET_LENGTH = 32

/** Invented text with the shape of a genuine one: same length, same prefix, same alphabet in the secret part. Never the genuine text. */
export function lookalike(rng: Rng, genuine: string): string {
  const start = Math.max(0, genuine.length - SECRET_LENGTH)
  const secret = genuine.slice(start)
  for (;;) {
    const invented = /^[0-9a-f]+$/.test(secret) ? rng.text(secret.length, HEX) : [...secret].map(c => sameClass(rng, c)).join('')
    // A text without letters or digits has no lookalike but itself; change its length instead.
    if (invented !== secret) return genuine.slice(0, start) + invented
    if (!/[0-9A-Za-z]/.test(secret)) return `${genuine}0`
  }
}

/** The same text with one character of the secret part exchanged for another of its class. */
export function oneCharacterOff(rng: Rng, genuine: string): string {
  const start = Math.max(0, genuine.length - SECRET_LENGTH)
  const hex = /^[0-9a-f]+$/.test(genuine.slice(start))
  const places = [...[...genuine].keys()].filter(at => at >= start && /[0-9A-Za-z]/.test(genuine.charAt(at)))
  if (places.length === 0) return `${genuine}0`
  const at = rng.pick(places)
  const old = genuine.charAt(at)
  let fresh = old
  while (fresh === old) fresh = hex ? rng.text(1, HEX) : sameClass(rng, old)
  return genuine.slice(0, at) + fresh + genuine.slice(at + 1)
}

function sameClass(rng: Rng, character: string): string {
  if (/[0-9]/.test(character)) return rng.text(1, DIGITS)
  if (/[a-z]/.test(character)) return rng.text(1, LOWER)
  if (/[A-Z]/.test(character)) return rng.text(1, LOWER.toUpperCase())
  return character
}
