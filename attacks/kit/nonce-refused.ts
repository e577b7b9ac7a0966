import type { Judgement, Lab } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from './attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from './judging.ts'
import { loginWith, ownTokens } from './tokens.ts'

/** Logins with nonces that must not do, and what showed that the target was open meanwhile. */
export type NonceTries = {
  attempts: Attempt[]
  /** The last refused login's token, unspent, with an honest nonce. */
  spare: Attempt
}

/** A nonce to try, by name; asked for again when a login has to be repeated. */
export type NonceToTry = readonly [name: string, nonce: () => Promise<Json | undefined> | Json | undefined]

/** Logs in with fresh tokens of an own number and each of these nonces, then with the last token and an honest one. */
export async function tryNonces(lab: Lab, nonces: Iterable<NonceToTry>, honest: NonceToTry): Promise<NonceTries> {
  const tokens = await ownTokens(lab)
  const open: OpenAttempt[] = []
  let last = await tokens.next()
  for (const [name, nonce] of nonces)
    open.push(
      await attemptLogin(lab, name, async () => {
        last = await tokens.next()
        return { input: loginWith(last, await nonce()), watch: [last.token] }
      }),
    )
  const attempts = await withCalls(lab, open)
  const [name, nonce] = honest
  const spare = await attemptLogin(lab, name, async () => ({ input: loginWith(last, await nonce()), watch: [] }))
  return { attempts, spare: spare.attempt }
}

/** `what`: the nonce that was tried, as a noun phrase after "with" or "without". */
export function judgeNonceRefused({ attempts, spare }: NonceTries, what: string): Judgement {
  const sorted = sortAttempts(attempts, () => 0)
  const { gotIn, overspent } = sorted
  const expected = 'refused before the carrier is asked'
  if (gotIn.length > 0)
    return fail(
      `A login went through ${what} (${names(gotIn)}).`,
      'credential',
      'The reply held a credential that opens an account.',
      { ...evidenceOf(gotIn), expected, observed: `${gotIn.length} of ${attempts.length} logged in` },
    )
  if (overspent.length > 0)
    return fail(
      `A login ${what} was refused only after a carrier call (${names(overspent)}).`,
      'carrier-call',
      'The carrier journal shows calls for logins that had no right to one.',
      { ...evidenceOf(overspent), expected, observed: `${overspent.length} of ${attempts.length} reached the carrier` },
    )
  const doubt = notPlainlyRefused(sorted)
  if (doubt !== undefined) return doubt
  if (spare.account === null)
    return inconclusive('All were refused, but the same genuine token did not log in with an honest nonce either.')
  return pass(`${count(attempts.length, 'login')} ${what} were refused before the carrier was asked.`)
}
