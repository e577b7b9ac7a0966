import { createHash } from 'node:crypto'
import type { ExchangeAnswer, RouteId } from '../carriers/exchange.ts'
import {
  AGGREGATED_TOKEN_SHAPE,
  CHINA_MOBILE_TOKEN_SHAPE,
  CHINA_TELECOM_TOKEN_SHAPE,
  CHINA_UNICOM_TOKEN_SHAPE,
} from '../input-shapes.ts'
import { malformed, Refusal } from '../refusal.ts'
import { defineControl } from './define.ts'

/** How far a carrier token is believed. */
export interface TokenTrust {
  /** The token as it goes to the carrier. Throws a 400 for what cannot be one, so that it costs no carrier call. */
  admit(carrier: RouteId, presented: unknown): string
  /** The number to log in by. Throws when the carrier gave none. */
  numberOf(answer: ExchangeAnswer, token: string): string
}

const SHAPES: Record<RouteId, RegExp> = {
  alibaba: AGGREGATED_TOKEN_SHAPE,
  chuanglan: AGGREGATED_TOKEN_SHAPE,
  jiguang: AGGREGATED_TOKEN_SHAPE,
  mobtech: AGGREGATED_TOKEN_SHAPE,
  'china-mobile': CHINA_MOBILE_TOKEN_SHAPE,
  'china-telecom': CHINA_TELECOM_TOKEN_SHAPE,
  'china-unicom': CHINA_UNICOM_TOKEN_SHAPE,
}

const sound: TokenTrust = {
  admit(carrier, presented) {
    if (typeof presented !== 'string' || !SHAPES[carrier].test(presented)) throw unreadable()
    return presented
  },
  numberOf(answer) {
    if (answer.kind === 'number') return answer.msisdn
    if (answer.kind === 'refused') throw new Refusal(401, 'CARRIER_TOKEN_REFUSED', 'The carrier does not accept this token.')
    if (answer.kind === 'shed') {
      throw new Refusal(503, 'CARRIER_BUSY', 'Too many logins at once. Try again with a new token.', answer.retryAfterSeconds)
    }
    throw new Refusal(502, 'CARRIER_UNAVAILABLE', 'The carrier gave no usable answer. Try again with a new token.')
  },
}

export default defineControl<() => TokenTrust>({
  id: 'carrier-token-verified',
  why: 'only the carrier can say whose number a token stands for, and only of the exact bytes it issued',
  sound: () => sound,
  flaws: {
    // HTTP 200 is taken for yes, and some number is made up for the rest of the code to work with.
    'trust-any-token': () => ({
      ...sound,
      numberOf: (answer, token) => (answer.kind === 'refused' ? inventedNumber(token) : sound.numberOf(answer, token)),
    }),
    // The carrier is down and the shop must stay open: what cannot be checked is believed.
    'fail-open': () => ({
      ...sound,
      numberOf: (answer, token) => (answer.kind === 'failed' ? inventedNumber(token) : sound.numberOf(answer, token)),
    }),
    // "Be liberal in what you accept": one token has many spellings, and none of them is looked at before the carrier is asked.
    'lenient-token': () => ({ ...sound, admit: (_carrier, presented) => tidied(presented) }),
  },
})

function unreadable(): Refusal {
  return malformed('TOKEN_MALFORMED', 'The token is not one this carrier issues.')
}

function inventedNumber(token: string): string {
  const digits = createHash('sha256').update(token).digest().readUIntBE(0, 6) % 100_000_000
  return `199${String(digits).padStart(8, '0')}`
}

/** Unwraps, decodes twice, trims and folds case; the vendor's own prefix keeps its capitals, or honest tokens would not work. */
function tidied(presented: unknown): string {
  const value: unknown = Array.isArray(presented) ? presented[0] : presented
  if (typeof value !== 'string' && typeof value !== 'number') throw unreadable()
  return decoded(decoded(String(value)))
    .trim()
    .toLowerCase()
    .replace(/^stsid/, 'STsid')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (error instanceof URIError) return text
    throw error
  }
}
