import { canonicalMsisdn } from '../msisdn.ts'
import { defineControl } from './define.ts'

/** A number as a client typed it, in the one form it is kept in; undefined for what is none. */
export type ReadNumber = (value: unknown) => string | undefined

export default defineControl<() => ReadNumber>({
  id: 'number-canonical',
  why: 'two spellings of one number must not be two people, nor two numbers one',
  sound: () => canonicalMsisdn,
  flaws: {
    // Checked as typed, then tidied: what was checked is not what is used.
    'late-normalise': () => value => {
      if (typeof value !== 'string' || !/^[\p{Nd}\p{Cf}+() -]{8,30}$/u.test(value)) return undefined
      const digits = value.normalize('NFKC').replaceAll(/\D/g, '')
      return digits.slice(-11)
    },
    // Kept as typed: +86 and without are two accounts, and two budgets.
    'raw-phone-key': () => value => (canonicalMsisdn(value) === undefined ? undefined : String(value)),
  },
})
