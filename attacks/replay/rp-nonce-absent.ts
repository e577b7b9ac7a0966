import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  attempts: Attempt[]
  /** The last refused login's token, unspent, with an honest nonce. */
  spare: Attempt
}

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

export default defineAttack<Observation>({
  meta: {
    id: 'rp-nonce-absent',
    family: 'replay',
    title: 'Login without a nonce the server made',
    about:
      'Posts genuine carrier tokens with the nonce left out, empty, of the wrong type, or invented. Success, or a mere carrier call, means that a flood of forged logins costs the attacker nothing and the backend a carrier call each.',
    severity: 'high',
    cwe: [306, 841, 330],
    asvs: ['2.3.1', '6.3.4', '6.7.2'],
    api2023: ['API2', 'API9'],
    has: 'valid tokens of an own number',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-issued=optional', 'nonce-issued=format-only'],
  },

  async observe(lab) {
    const tokens = await ownTokens(lab)
    // Fetched only to learn what a nonce looks like; never sent.
    const sample = (await lab.nonce()) ?? ''
    const invented: [string, () => Json | undefined][] = [
      ['invented in the right shape', () => lookalike(lab.rng, sample)],
      ...NO_NONCES.map(([name, nonce]): [string, () => Json | undefined] => [name, () => nonce]),
    ]
    const open: OpenAttempt[] = []
    let last = await tokens.next()
    for (const [name, nonce] of invented) {
      open.push(
        await attemptLogin(lab, name, async () => {
          last = await tokens.next()
          return { input: loginWith(last, nonce()), watch: [last.token] }
        }),
      )
    }
    const attempts = await withCalls(lab, open)
    const spare = await attemptLogin(lab, 'honest nonce', async () => ({ input: loginWith(last, await lab.nonce()), watch: [] }))
    return { attempts, spare: spare.attempt }
  },

  judge({ attempts, spare }): Judgement {
    const sorted = sortAttempts(attempts, () => 0)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A login went through without a nonce the server made (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account.',
        {
          ...evidenceOf(gotIn),
          expected: 'refused before the carrier is asked',
          observed: `${gotIn.length} of ${attempts.length} logged in`,
        },
      )
    if (overspent.length > 0)
      return fail(
        `A login without a nonce the server made was refused only after a carrier call (${names(overspent)}).`,
        'carrier-call',
        'The carrier journal shows calls for logins that had no right to one.',
        {
          ...evidenceOf(overspent),
          expected: 'no carrier call',
          observed: `${overspent.length} of ${attempts.length} reached the carrier`,
        },
      )
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (spare.account === null)
      return inconclusive('All were refused, but the same genuine token did not log in with an honest nonce either.')
    return pass(`${count(attempts.length, 'login')} without a nonce the server made were refused before the carrier was asked.`)
  },
})
