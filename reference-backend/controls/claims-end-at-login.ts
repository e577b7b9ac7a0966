import type { AccountStore } from '../stores/accounts.ts'
import { defineControl } from './define.ts'

/** How whoever has proved an identifier gets to an account. */
export default defineControl<(accounts: AccountStore) => AccountStore['logIn']>({
  id: 'claims-end-at-login',
  why: 'an account that somebody else prepared for a number must not be the one its owner walks into',
  // The store ends all claims to an identifier when its owner first logs in.
  sound: accounts => login => accounts.logIn(login),
  flaws: {
    // Whoever said the number was theirs is taken for its owner, and what else hangs on that account stays: identities, password, sessions.
    'keep-foreign-ids': accounts => async login => {
      const { type, identifier } = login
      const owned = (await accounts.binding(type, identifier)) !== undefined
      const claimant = owned ? undefined : await accounts.claimant(type, identifier)
      if (claimant !== undefined) await accounts.bind({ ...login, accountId: claimant.accountId, onePerType: false })
      return accounts.logIn(login)
    },
  },
})
