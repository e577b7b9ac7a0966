import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { NoncePurpose } from '../../src/contract/target.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = { attempts: Attempt[]; spare: Attempt }

const OTHER_PURPOSES: readonly NoncePurpose[] = ['verify', 'bind', 'reauth']

export default defineAttack<Observation>({
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

  judge({ attempts, spare }): Judgement {
    const sorted = sortAttempts(attempts, () => 0)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A nonce logged in that was not made for it (${names(gotIn)}).`,
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
        `A login with a nonce for something else was refused only after a carrier call (${names(overspent)}).`,
        'carrier-call',
        'The carrier journal shows calls for logins whose nonce was for something else.',
        { ...evidenceOf(overspent), expected: 'no carrier call', observed: `${overspent.length} reached the carrier` },
      )
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (spare.account === null)
      return inconclusive('All were refused, but the same genuine token did not log in with a nonce for login either.')
    return pass(`${count(attempts.length, 'nonce')} for other purposes did not log in, and cost no carrier call.`)
  },
})
