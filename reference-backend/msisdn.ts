import { PHONE_SHAPE } from './input-shapes.ts'

/**
 * The number in the one form it is stored and compared in: 11 digits beginning with 13 to 19, without country code. Undefined for
 * anything else, so that two spellings of one number never make two accounts.
 */
export function canonicalMsisdn(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  return PHONE_SHAPE.exec(value)?.[1]
}

/** `13812345678` -> `138****5678`: all a client ever sees of a number. */
export function maskMsisdn(msisdn: string): string {
  return `${msisdn.slice(0, 3)}****${msisdn.slice(-4)}`
}

/** Text with every run of digits that holds a number masked: errors of a store may quote the row they choked on. */
export function withoutNumbers(text: string): string {
  return text.replace(/1\d{10}/g, maskMsisdn)
}
