import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { LOGIN_OPERATIONS } from '../../src/contract/carriers.ts'
import { type Attempt, attemptLogin, isRefusal, type OpenAttempt } from '../kit/attempt.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  /** Tokens for number verification, posted as logins. `strayed`: calls to another operation than the one for logins. */
  logins: (Attempt & { strayed: number[] })[]
  /** Tokens for login, posted for verification. Null where the target verifies no numbers. */
  verifications: { variant: string; exchange: number; status: number; refused: boolean; answered: boolean }[]
  right: Attempt[]
}

export default defineAttack<Observation>({
  meta: {
    id: 'su-purpose-swap',
    family: 'substitution',
    title: 'Carrier token of one purpose used for another',
    about:
      'Posts tokens that a phone got for number verification as logins, and tokens for login where a number is verified. Success means that agreeing to have a number checked is agreeing to a login.',
    severity: 'medium',
    cwe: [345],
    asvs: ['9.2.2'],
    api2023: ['API2'],
    has: 'tokens for verification, which apps ask for without a word to the user',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-verified=trust-any-token'],
    mayNotice: ['carrier-routing=carrier-fanout'],
  },

  async observe(lab) {
    const open: OpenAttempt[] = []
    const right: Attempt[] = []
    const verifications: Observation['verifications'] = []
    for (const carrier of carriersOf(lab)) {
      const phone = await lab.handset(carrier)
      open.push(
        await attemptLogin(lab, carrier, async () => {
          const issued = await phone.authorize({ purpose: 'verify' })
          return { input: loginWith(issued, await lab.nonce()), watch: [issued.token] }
        }),
      )
      const honest = await attemptLogin(lab, carrier, async () => ({
        input: loginWith(await phone.authorize(), await lab.nonce()),
        watch: [],
      }))
      right.push(honest.attempt)
      if (lab.has('verifyNumber')) verifications.push(await verifyByLoginToken(lab, carrier))
    }
    const rows = await lab.carrierCalls(open.flatMap(({ watch }) => watch))
    const logins = open.map(({ attempt, watch }) => {
      const own = rows.filter(({ token }) => watch.includes(token))
      const strayed = own.filter(({ operation }) => !Object.values(LOGIN_OPERATIONS).includes(operation))
      return { ...attempt, calls: own.map(({ seq }) => seq), strayed: strayed.map(({ seq }) => seq) }
    })
    return { logins, verifications, right }
  },

  judge({ logins, verifications, right }): Judgement {
    const sorted = sortAttempts(logins, () => 1)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A token for number verification logged in (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${logins.length} logged in` },
      )
    const answered = verifications.filter(one => one.answered)
    if (answered.length > 0)
      return fail(
        `A number was verified by a token for login (${answered.map(({ variant }) => variant).join(', ')}).`,
        'side-effect',
        'The target said yes or no about a number, on a token that was not made for it.',
        {
          exchanges: answered.map(({ exchange }) => exchange),
          expected: 'refused',
          observed: `${answered.length} of ${verifications.length} answered`,
        },
      )
    const strayed = logins.filter(one => one.strayed.length > 0)
    if (strayed.length > 0 || overspent.length > 0)
      return fail(
        `A login asked the carrier elsewhere than where logins are exchanged (${names(strayed.length > 0 ? strayed : overspent)}).`,
        'carrier-call',
        'The carrier journal shows the token of the login at another operation, or more than once.',
        { ...evidenceOf([...strayed, ...overspent]), expected: 'one call, to the exchange of logins', observed: 'another call' },
      )
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    const unclear = verifications.filter(({ refused }) => !refused)
    if (unclear.length > 0)
      return inconclusive(`A verification by a token for login got no clear answer (${unclear[0]?.variant}).`)
    const shut = right.filter(({ account }) => account === null)
    if (shut.length > 0) return inconclusive(`All were refused, but so were tokens for login (${names(shut)}).`)
    return pass(`${count(logins.length, 'token')} for verification did not log in, nor did tokens for login verify a number.`)
  },
})

async function verifyByLoginToken(lab: Lab, carrier: Attempt['variant']): Promise<Observation['verifications'][number]> {
  const phone = await lab.handset(carriersOf(lab).find(one => one === carrier))
  const { credential } = await signIn(lab, phone)
  const number = phone.sim.msisdn
  const input = loginWith(await phone.authorize(), await lab.nonce({ purpose: 'verify' }))
  const { id, status, reading } = await lab.send('verifyNumber', { ...input, credential: credential ?? '', number })
  const answered = reading.kind === 'granted' && reading.match !== undefined
  return { variant: carrier, exchange: id, status, refused: isRefusal({ status, reading: reading.kind }), answered }
}
