import { defineAttack } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { judgeNonceRefused, type NonceTries, tryNonces } from '../kit/nonce-refused.ts'

/** `undefined` leaves the field out. */
const NO_NONCES: readonly (readonly [string, Json | undefined])[] = [
  ['left out', undefined],
  ['empty text', ''],
  ['null', null],
  ['empty list', []],
  ['empty object', {}],
  ['false', false],
  ['zero', 0],
  ['the word undefined', 'undefined'],
  ['the word null', 'null'],
]

export default defineAttack<NonceTries>({
  meta: {
    id: 'rp-nonce-absent',
    family: 'replay',
    title: 'Login without a nonce',
    about:
      'Posts genuine carrier tokens with the nonce left out, empty or of the wrong type. Success, or a mere carrier call, means that a flood of forged logins costs the attacker nothing and the backend a carrier call each.',
    severity: 'high',
    cwe: [306, 841],
    asvs: ['2.3.1', '6.3.4'],
    api2023: ['API2', 'API9'],
    has: 'valid tokens of an own number',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-issued=optional'],
  },

  observe: lab =>
    tryNonces(
      lab,
      NO_NONCES.map(([name, nonce]) => [name, () => nonce]),
      ['honest nonce', () => lab.nonce()],
    ),

  judge: tries => judgeNonceRefused(tries, 'without a nonce'),
})
