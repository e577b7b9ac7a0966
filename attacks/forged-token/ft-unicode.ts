import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = { attempts: Attempt[]; spare: Attempt }

/** Texts that are not the nonce, and become it for whoever tidies before comparing. */
const LOOKALIKES: readonly (readonly [string, (nonce: string) => string])[] = [
  ['full-width letters', nonce => [...nonce].map(fullWidth).join('')],
  ['one full-width letter', nonce => fullWidth(nonce.charAt(0)) + nonce.slice(1)],
  ['a zero-width space after', nonce => `${nonce}\u200b`],
  ['a zero-width joiner inside', nonce => `${nonce.slice(0, 4)}\u200d${nonce.slice(4)}`],
  ['a byte order mark before', nonce => `\ufeff${nonce}`],
  ['a right-to-left mark after', nonce => `${nonce}\u200f`],
  ['a space after', nonce => `${nonce} `],
  ['a NUL after', nonce => `${nonce}\u0000`],
  ['the other case', nonce => (nonce === nonce.toUpperCase() ? nonce.toLowerCase() : nonce.toUpperCase())],
]

export default defineAttack<Observation>({
  meta: {
    id: 'ft-unicode',
    family: 'forged-token',
    title: 'Nonce in another spelling',
    about:
      'Sends genuine nonces in full-width letters, with invisible characters, in the other case. A login means that different bytes are taken for one value: whoever counts, limits or logs the one does not see the other.',
    severity: 'medium',
    cwe: [176, 180],
    asvs: ['1.1.1', '1.5.3'],
    api2023: ['API8'],
    has: 'valid tokens of an own number; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-issued=fold-compare', 'nonce-issued=format-only'],
  },

  async observe(lab) {
    const tokens = await ownTokens(lab)
    const open: OpenAttempt[] = []
    let last = await tokens.next()
    for (const [name, spell] of LOOKALIKES) {
      open.push(
        await attemptLogin(lab, name, async () => {
          last = await tokens.next()
          return { input: loginWith(last, spell((await lab.nonce()) ?? '')), watch: [last.token] }
        }),
      )
    }
    const attempts = await withCalls(lab, open)
    const spare = await attemptLogin(lab, 'as it is', async () => ({ input: loginWith(last, await lab.nonce()), watch: [] }))
    return { attempts, spare: spare.attempt }
  },

  judge({ attempts, spare }): Judgement {
    const sorted = sortAttempts(attempts, () => 0)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A text that is not the nonce was taken for it (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'compared byte for byte', observed: `${gotIn.length} of ${attempts.length} logged in` },
      )
    if (overspent.length > 0)
      return fail(
        `A misspelt nonce was refused only after a carrier call (${names(overspent)}).`,
        'carrier-call',
        'The carrier journal shows calls for logins without a nonce the server made.',
        { ...evidenceOf(overspent), expected: 'no carrier call', observed: `${overspent.length} reached the carrier` },
      )
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (spare.account === null) return inconclusive('All were refused, but so was a nonce as it is.')
    return pass(
      `${count(attempts.length, 'other spelling')} of genuine nonces were refused without a carrier call; as it is, one logged in.`,
    )
  },
})

function fullWidth(letter: string): string {
  const code = letter.charCodeAt(0)
  return code > 0x20 && code < 0x7f ? String.fromCharCode(code + 0xfee0) : letter
}
