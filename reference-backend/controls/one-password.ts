import type { AccountStore, Binding } from '../stores/accounts.ts'
import { defineControl } from './define.ts'

/** Where passwords are kept. */
export interface PasswordBook {
  hashOf(binding: Pick<Binding, 'accountId' | 'identityId'>): Promise<string | undefined>
  /** Sets the account's password. `by`: the identity it is set by. False when the account is gone. */
  set(by: Pick<Binding, 'accountId' | 'identityId'>, hash: string, atMs: number, ip: string): Promise<boolean>
}

export default defineControl<(accounts: AccountStore) => PasswordBook>({
  id: 'one-password',
  why: 'a password kept in several places is changed in one of them',
  sound: accounts => ({
    hashOf: ({ accountId }) => accounts.passwordHash(accountId),
    set: ({ accountId }, hash, atMs, ip) => accounts.setPasswordHash(accountId, hash, atMs, ip),
  }),
  flaws: {
    // The hash lies beside each identifier. The first is written to all of them; after that, to the one in use.
    'password-per-row': accounts => ({
      hashOf: ({ identityId }) => accounts.credential(identityId),
      set: async ({ accountId, identityId }, hash, atMs, ip) => {
        const rows = (await accounts.identities(accountId)).filter(row => row.type === 'phone' || row.type === 'email')
        const first = (await accounts.passwordHash(accountId)) === undefined
        for (const row of rows) if (first || row.id === identityId) await accounts.setCredential(row.id, hash)
        return accounts.setPasswordHash(accountId, hash, atMs, ip)
      },
    }),
  },
})
