import type { Limiter } from '../flows/limiter.ts'
import { defineControl } from './define.ts'

/** Bounds what one source may cost by tokens that the carrier refuses. */
export interface RefusedLogins {
  /** Before the carrier is asked. Throws 429. */
  before(source: string): Promise<void>
  /** After the carrier refused. */
  refused(source: string): Promise<void>
}

export default defineControl<(limiter: Limiter) => RefusedLogins>({
  id: 'refused-logins-limited',
  why: 'each invented token costs a carrier call, and inventing them is free',
  sound: limiter => ({
    before: source => limiter.check('login-refused-source-minute', source),
    refused: source => limiter.note('login-refused-source-minute', source),
  }),
  flaws: {
    // The carrier refuses them anyway.
    'no-failed-login-limit': () => ({ before: async () => {}, refused: async () => {} }),
  },
})
