import { defineAttack } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { judgeNonceRefused, type NonceTries } from '../kit/nonce-refused.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

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

  async observe(lab) {
    const tokens = await ownTokens(lab)
    const open: OpenAttempt[] = []
    let last = await tokens.next()
    for (const [name, nonce] of NO_NONCES) {
      open.push(
        await attemptLogin(lab, name, async () => {
          last = await tokens.next()
          return { input: loginWith(last, nonce), watch: [last.token] }
        }),
      )
    }
    const attempts = await withCalls(lab, open)
    const spare = await attemptLogin(lab, 'honest nonce', async () => ({ input: loginWith(last, await lab.nonce()), watch: [] }))
    return { attempts, spare: spare.attempt }
  },

  judge: tries => judgeNonceRefused(tries, 'without a nonce'),
})
