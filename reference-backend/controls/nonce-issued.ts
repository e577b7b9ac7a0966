import { NONCE_SHAPE } from '../input-shapes.ts'
import { malformed, Refusal } from '../refusal.ts'
import { defineControl } from './define.ts'

/** Removes a nonce from those issued; true when it was there (nonce-single-use.ts). */
export type ConsumeNonce = (nonce: string) => Promise<boolean>

/** Lets a presented nonce pass, or throws a refusal. Runs before any carrier call. */
export type RequireNonce = (presented: unknown) => Promise<void>

export default defineControl<(consume: ConsumeNonce) => RequireNonce>({
  id: 'nonce-issued',
  why: 'without a nonce of ours anyone can post invented tokens, and each costs a carrier call',
  sound,
  flaws: {
    // "Old app versions do not send one yet": the check is made only when there is something to check.
    optional: consume => {
      const requireNonce = sound(consume)
      return async presented => {
        if (!isAbsent(presented)) await requireNonce(presented)
      }
    },
    // The look-up was dropped to save a round trip; what looks like a nonce passes.
    'format-only': () => async presented => {
      wellFormed(presented)
    },
    // Tidied before it is compared: several texts are one nonce.
    'fold-compare': consume => {
      const requireNonce = sound(consume)
      return presented => requireNonce(typeof presented === 'string' ? folded(presented) : presented)
    },
  },
})

function sound(consume: ConsumeNonce): RequireNonce {
  return async presented => {
    if (!(await consume(wellFormed(presented)))) {
      throw new Refusal(401, 'NONCE_UNKNOWN', 'The nonce was not issued here, has ended or was used.')
    }
  }
}

function wellFormed(presented: unknown): string {
  if (presented === undefined) throw malformed('NONCE_REQUIRED', 'A nonce is required.')
  if (typeof presented !== 'string' || !NONCE_SHAPE.test(presented)) {
    throw malformed('NONCE_MALFORMED', 'The nonce is not of the right shape.')
  }
  return presented
}

/** Compatibility forms made plain, what cannot be seen removed. */
function folded(text: string): string {
  return text.normalize('NFKC').replaceAll(/[\u200b-\u200f\ufeff\s]/g, '')
}

function isAbsent(presented: unknown): boolean {
  if (presented === undefined || presented === null || presented === '') return true
  return typeof presented === 'object' && Object.keys(presented).length === 0
}
