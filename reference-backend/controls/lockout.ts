import type { Limiter } from '../flows/limiter.ts'
import { Refusal } from '../refusal.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'
import { defineControl } from './define.ts'

/** What wrong passwords lead to, and for whom. */
export interface Lockout {
  /** Before any login by an identifier. Throws when it is shut out. */
  mayEnter(identifier: string): Promise<void>
  /** Before a password is compared. Throws 429. */
  before(identifier: string, source: string): Promise<void>
  succeeded(identifier: string, source: string): Promise<void>
  failed(identifier: string): Promise<void>
}

export default defineControl<(limiter: Limiter, store: EphemeralStore) => Lockout>({
  id: 'lockout',
  why: 'who guesses must be stopped, and whom he guesses at must not',
  sound: limiter => ({
    // Passwords are limited, nothing else is: the owner still comes in by her own phone.
    mayEnter: async () => {},
    before: async (identifier, source) => {
      await limiter.take('password-source-minute', source)
      await limiter.take('password-identifier-hour', identifier)
    },
    succeeded: async (identifier, source) => {
      await limiter.giveBack('password-source-minute', source)
      await limiter.giveBack('password-identifier-hour', identifier)
    },
    failed: async () => {},
  }),
  flaws: {
    // Five wrong passwords and the account is shut, to its owner too, by whichever way.
    'lock-by-victim': (_limiter, store) => ({
      mayEnter: async identifier => {
        if (Number((await store.get(failuresKey(identifier))) ?? 0) >= 5) {
          throw new Refusal(403, 'LOCKED', 'The account is locked. Try again tomorrow.')
        }
      },
      before: async () => {},
      succeeded: async () => {},
      failed: async identifier => {
        await store.bump(failuresKey(identifier), 24 * 3_600_000)
      },
    }),
  },
})

function failuresKey(identifier: string): string {
  return `failures:${identifier}`
}
