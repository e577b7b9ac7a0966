import type { SubscriberAnswer } from '../carriers/subscriber-check.ts'
import type { Part } from '../controls/reissue-unbinds.ts'
import { Refusal } from '../refusal.ts'
import type { AccountStore, Binding } from '../stores/accounts.ts'
import type { EphemeralStore } from '../stores/ephemeral.ts'

/** Who, of those this service knows, a number belongs to today. */
export interface NumberOwners {
  /**
   * The account a number is bound to, if its subscriber is still the one who bound it. Undefined when nobody is bound, or when the
   * subscriber changed: then the number is parted from the account first. Throws 409 when nobody can tell.
   */
  of(msisdn: string): Promise<Binding | undefined>
  /** Parts a number from the account it is bound to: it has another holder. */
  part(msisdn: string, binding: Binding): Promise<void>
  /** To be told of each new binding of a number. */
  bound(msisdn: string, identityId: string): Promise<void>
}

export interface NumberOwnerParts {
  accounts: AccountStore
  store: EphemeralStore
  /** Undefined when there is nobody to ask: notices alone are relied on. */
  ask: ((msisdn: string, sinceMs: number) => Promise<SubscriberAnswer>) | undefined
  part: Part
  /** Makes what is on its way to the number worthless: codes by SMS. */
  forgetCodes: (msisdn: string) => Promise<void>
  nowMs: () => number
}

/** Carriers answer about whole seconds. */
const SECOND_MS = 1000

/**
 * A notice may be lost; what the carrier answers when asked cannot be. So a known number is asked about each time it is relied on,
 * since its binding, not its last login: an older date can only find more changes.
 *
 * The carrier compares whole seconds. A number that was parted and bound anew within one second would be found to have changed
 * hands after its binding, for ever; so a binding that follows a parting counts from the next second on.
 */
export function numberOwners({ accounts, store, ask, part, forgetCodes, nowMs }: NumberOwnerParts): NumberOwners {
  const partFrom: NumberOwners['part'] = async (msisdn, binding) => {
    await part(binding.identityId)
    await forgetCodes(msisdn)
    await store.put(partedKey(msisdn), '1', 2 * SECOND_MS)
  }
  return {
    part: partFrom,
    bound: async (msisdn, identityId) => {
      if (ask === undefined || !(await store.hasAny([partedKey(msisdn)]))) return
      await accounts.setHolderSince(identityId, Math.ceil(nowMs() / SECOND_MS) * SECOND_MS)
    },
    of: async msisdn => {
      const binding = await accounts.binding('phone', msisdn)
      if (binding === undefined || ask === undefined) return binding
      const answer = await ask(msisdn, binding.holderSinceMs)
      if (answer === 'same') return binding
      if (answer === 'unknown') {
        throw new Refusal(409, 'STEP_UP_REQUIRED', 'Whether this number is still yours cannot be told. Log in another way.')
      }
      await partFrom(msisdn, binding)
      return undefined
    },
  }
}

function partedKey(msisdn: string): string {
  return `parted:${msisdn}`
}
