import { defineAttack } from '../../src/contract/attack.ts'
import type { NoncePurpose } from '../../src/contract/target.ts'
import { judgeNonceRefused, type NonceTries, tryNonces } from '../kit/nonce-refused.ts'

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

  observe: lab =>
    tryNonces(
      lab,
      OTHER_PURPOSES.map(purpose => [`fetched for ${purpose}`, () => lab.nonce({ purpose })]),
      ['fetched for login', () => lab.nonce({ purpose: 'login' })],
    ),

  judge: tries => judgeNonceRefused(tries, 'with a nonce for another purpose'),
})
