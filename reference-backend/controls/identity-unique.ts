import { setTimeout as sleep } from 'node:timers/promises'
import type { AccountStore } from '../stores/accounts.ts'
import { defineControl } from './define.ts'

const STORE_TURN_MS = 3

/** The store as the flows use it. Runs before anything is written. */
export default defineControl<(accounts: AccountStore) => Promise<AccountStore>>({
  id: 'identity-unique',
  why: 'look first, then write, and two who look at once both write',
  sound: async accounts => accounts,
  flaws: {
    // The code looks before it registers; that the table should say so too was never thought of.
    'create-account-racy': async accounts => {
      await accounts.dropUniqueness()
      return {
        ...accounts,
        logIn: async login => {
          if ((await accounts.binding(login.type, login.identifier)) !== undefined) return accounts.logIn(login)
          await sleep(STORE_TURN_MS)
          return (await accounts.register(login)) ?? accounts.logIn(login)
        },
      }
    },
    'bind-racy': async accounts => {
      await accounts.dropUniqueness()
      return {
        ...accounts,
        bind: async request => {
          const owner = await accounts.binding(request.type, request.identifier)
          if (owner !== undefined) return { kind: owner.accountId === request.accountId ? 'already' : 'taken' }
          await sleep(STORE_TURN_MS)
          return accounts.bind(request)
        },
      }
    },
  },
})
