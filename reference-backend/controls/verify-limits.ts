import type { RouteId } from '../carriers/exchange.ts'
import type { Limiter } from '../flows/limiter.ts'
import { Refusal } from '../refusal.ts'
import type { FirstUse } from './carrier-token-once.ts'
import { defineControl } from './define.ts'

/** One guess at whether a number is the device's. */
export interface Guess {
  accountId: string
  source: string
  route: RouteId
  token: string
  /** The number asked about. */
  msisdn: string
  /** Only its last digits were typed. */
  partial: boolean
}

/** How guesses are bounded. */
export interface VerifyLimits {
  /** Lets a guess be made, or throws. */
  admit(guess: Guess): Promise<void>
  /** Whether typed digits that are wrong are answered without asking the carrier. */
  readonly answersPartialAlone: boolean
}

export default defineControl<(limiter: Limiter, firstUse: FirstUse) => VerifyLimits>({
  id: 'verify-limits',
  why: 'yes or no, asked often enough, is the number',
  sound: (limiter, firstUse) => ({ admit: guess => admit(limiter, firstUse, guess), answersPartialAlone: false }),
  flaws: {
    'verify-unlimited': () => ({ admit: async () => {}, answersPartialAlone: false }),
    // Four digits are only a hint for the user, so they are compared here and cost nothing.
    'verify-partial-free': (limiter, firstUse) => ({
      admit: async guess => {
        if (!guess.partial) await admit(limiter, firstUse, guess)
      },
      answersPartialAlone: true,
    }),
  },
})

async function admit(limiter: Limiter, firstUse: FirstUse, guess: Guess): Promise<void> {
  await limiter.take('verify-source-hour', guess.source)
  await limiter.take('verify-account-day', guess.accountId)
  await limiter.take('verify-number-day', guess.msisdn)
  if (!(await firstUse(guess.route, guess.token))) {
    throw new Refusal(409, 'CARRIER_TOKEN_SPENT', 'The token was used before. Get a new one.')
  }
}
