import type { SubscriberAnswer } from '../carriers/subscriber-check.ts'
import type { Part } from '../controls/reissue-unbinds.ts'
import { Refusal } from '../refusal.ts'
import type { AccountStore, Binding } from '../stores/accounts.ts'

/** Who, of those this service knows, a number belongs to today. */
export interface NumberOwners {
  /**
   * The account a number is bound to, if its subscriber is still the one who bound it. Undefined when nobody is bound, or when the
   * subscriber changed: then the number is parted from the account first. Throws 409 when nobody can tell.
   */
  of(msisdn: string): Promise<Binding | undefined>
}

export interface NumberOwnerParts {
  accounts: AccountStore
  /** Undefined when there is nobody to ask: notices alone are relied on. */
  ask: ((msisdn: string, sinceMs: number) => Promise<SubscriberAnswer>) | undefined
  part: Part
}

/** A notice may be lost; what the carrier answers when asked cannot be. So a known number is asked about each time it is relied on. */
export function numberOwners({ accounts, ask, part }: NumberOwnerParts): NumberOwners {
  return {
    of: async msisdn => {
      const binding = await accounts.binding('phone', msisdn)
      if (binding === undefined || ask === undefined) return binding
      // Since the binding, not the last login: an older date can only find more changes.
      const answer = await ask(msisdn, binding.verifiedAtMs)
      if (answer === 'same') return binding
      if (answer === 'unknown') {
        throw new Refusal(409, 'STEP_UP_REQUIRED', 'Whether this number is still yours cannot be told. Log in another way.')
      }
      await part(binding.identityId)
      return undefined
    },
  }
}
