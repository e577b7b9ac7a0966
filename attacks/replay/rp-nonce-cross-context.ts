import { defineAttack } from '../../src/contract/attack.ts'
import type { NoncePurpose } from '../../src/contract/target.ts'
import { attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { judgeNonceRefused, type NonceTries } from '../kit/nonce-refused.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

const OTHER_PURPOSES: readonly NoncePurpose[] = ['verify', 'bind', 'reauth']

export default defineAttack<NonceTries>({
  meta: {
    id: 'rp-nonce-cross-context',
    family: 'replay',
    title: 'Nonce of one purpose used for another',
    about:
      'Fetches nonces for number verification, for binding and for re-authentication and logs in with them. Success means that what a user agreed to for one thing can be turned into another.',
    severity: 'high',
    cwe: [294, 346, 352],
    asvs: ['6.6.2', '10.1.2'],
    api2023: ['API2'],
    has: 'valid tokens of an own number; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me', 'verifyNumber'],
    notices: ['nonce-purpose=nonce-unbound', 'nonce-issued=format-only'],
  },

  async observe(lab) {
    const tokens = await ownTokens(lab)
    const open: OpenAttempt[] = []
    let last = await tokens.next()
    for (const purpose of OTHER_PURPOSES) {
      open.push(
        await attemptLogin(lab, `fetched for ${purpose}`, async () => {
          last = await tokens.next()
          return { input: loginWith(last, await lab.nonce({ purpose })), watch: [last.token] }
        }),
      )
    }
    const attempts = await withCalls(lab, open)
    const spare = await attemptLogin(lab, 'fetched for login', async () => ({
      input: loginWith(last, await lab.nonce({ purpose: 'login' })),
      watch: [],
    }))
    return { attempts, spare: spare.attempt }
  },

  judge: tries => judgeNonceRefused(tries, 'with a nonce for another purpose'),
})
