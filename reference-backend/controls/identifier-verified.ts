import type { AccountStore, BindRequest } from '../stores/accounts.ts'
import { defineControl } from './define.ts'

/** Notes an identifier that an account says is its own, before it is proved. */
export type NoteClaim = (claim: BindRequest) => Promise<void>

export default defineControl<(accounts: AccountStore) => NoteClaim>({
  id: 'identifier-verified',
  why: 'an identifier written down before it is proved waits for its owner to walk into somebody else’s account',
  sound: accounts => claim => accounts.claim(claim),
  flaws: {
    // The confirmation is a courtesy: the row is as good as any from the start.
    'merge-unverified': accounts => async claim => {
      await accounts.bind(claim)
    },
  },
})
