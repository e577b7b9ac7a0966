import { defineControl } from './define.ts'
import type { RequireNonce } from './nonce-issued.ts'

/** When in the course of a login its nonce is spent. */
export interface NonceGate {
  /** Before the carrier is asked. Throws when the nonce is no good. */
  before: RequireNonce
  /** After the carrier was asked, whatever came of it. */
  after(presented: unknown, granted: boolean): Promise<void>
}

export interface NonceSteps {
  /** Looks the nonce up and spends it. */
  spend: RequireNonce
  /** Looks it up only. */
  look: RequireNonce
  /** Issues it anew. */
  restore(presented: unknown): Promise<void>
}

export default defineControl<(steps: NonceSteps) => NonceGate>({
  id: 'nonce-burned-first',
  why: 'while the carrier answers, every other request with the same nonce is already on its way',
  sound: ({ spend }) => ({ before: spend, after: async () => {} }),
  flaws: {
    // Spent when the login is done: as many carrier calls on one nonce as fit in a carrier's answer time.
    'nonce-burn-late': ({ look, spend }) => ({ before: look, after: presented => spend(presented) }),
    // "The user should not have to start again": given back when the carrier says no.
    'nonce-survives-failure': ({ spend, restore }) => ({
      before: spend,
      after: async (presented, granted) => {
        if (!granted) await restore(presented)
      },
    }),
  },
})
