import type { AccountStore, Binding } from '../stores/accounts.ts'
import { defineControl } from './define.ts'

/** What a reissued number still recovers. */
export interface Recovery {
  /** Parts an identity row from its account. */
  unbind(identityId: string): Promise<void>
  /** The account a number may reset the password of; `current` is whom it belongs to today. */
  accountOf(msisdn: string, current: Binding | undefined): Promise<Binding | undefined>
}

export default defineControl<(accounts: AccountStore) => Recovery>({
  id: 'recovery-cut',
  why: 'the next owner of a number gets every message that was meant for the last',
  sound: accounts => ({
    unbind: identityId => accounts.unbind(identityId),
    accountOf: async (_msisdn, current) => current,
  }),
  flaws: {
    // The number no longer logs in; it stays on file as the way back.
    'recovery-keeps-number': accounts => ({
      unbind: identityId => accounts.demote(identityId),
      accountOf: async (msisdn, current) => (await accounts.claimant('phone', msisdn)) ?? current,
    }),
  },
})
