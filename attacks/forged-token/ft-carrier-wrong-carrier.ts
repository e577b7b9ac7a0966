import { defineAttack, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { CarrierId } from '../../src/contract/carriers.ts'
import { type Attempt, attemptLogin, type OpenAttempt } from '../kit/attempt.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  /** `strayed`: journal rows at a carrier that was not the declared one. */
  attempts: (Attempt & { strayed: number[] })[]
  /** The same phones, each with its own carrier declared. */
  right: Attempt[]
}

export default defineAttack<Observation>({
  meta: {
    id: 'ft-carrier-wrong-carrier',
    family: 'forged-token',
    title: "One carrier's token presented as another's",
    about:
      'Declares every other carrier for a genuine token. A login, or a call to a carrier that was not declared, means that the backend guesses: each request then costs several calls, and shows tokens to those they are not for.',
    severity: 'medium',
    cwe: [345, 405],
    asvs: ['2.2.3', '13.2.4'],
    api2023: ['API10'],
    has: 'valid tokens of own numbers at several carriers',
    needs: ['oneTap', 'me'],
    notices: ['carrier-routing=carrier-fanout', 'carrier-token-verified=trust-any-token'],
  },

  async observe(lab) {
    if (carriersOf(lab).length < 2) return { notApplicable: 'one carrier is up, and none to take for another' }
    const phones = new Map<CarrierId, Handset>()
    for (const carrier of carriersOf(lab)) phones.set(carrier, await lab.handset(carrier))
    const open: (OpenAttempt & { declared: CarrierId })[] = []
    const right: Attempt[] = []
    for (const [from, phone] of phones) {
      for (const [declared, other] of phones)
        if (declared !== from) open.push({ declared, ...(await misdeclared(lab, phone, other)) })
      const honest = await attemptLogin(lab, from, async () => ({
        input: loginWith(await phone.authorize(), await lab.nonce()),
        watch: [],
      }))
      right.push(honest.attempt)
    }
    const rows = await lab.carrierCalls(open.flatMap(({ watch }) => watch))
    const attempts = open.map(({ attempt, watch, declared }) => {
      const own = rows.filter(({ token }) => watch.includes(token))
      const strayed = own.filter(({ provider }) => provider !== declared)
      return { ...attempt, calls: own.map(({ seq }) => seq), strayed: strayed.map(({ seq }) => seq) }
    })
    return { attempts, right }
  },

  judge({ attempts, right }): Judgement {
    const sorted = sortAttempts(attempts, () => 1)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A token logged in under another carrier's name (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${attempts.length} logged in` },
      )
    const strayed = attempts.filter(attempt => attempt.strayed.length > 0)
    if (strayed.length > 0 || overspent.length > 0)
      return fail(
        `A carrier that was not declared was asked about a token (${names(strayed.length > 0 ? strayed : overspent)}).`,
        'carrier-call',
        'The journal of another carrier than the declared one shows the token.',
        {
          exchanges: strayed.map(({ exchange }) => exchange),
          journal: [...strayed.flatMap(attempt => attempt.strayed), ...overspent.flatMap(({ calls }) => calls)],
          expected: 'at most one call, to the declared carrier',
          observed: `${strayed.length} of ${attempts.length} went elsewhere`,
        },
      )
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    const shut = right.filter(({ account }) => account === null)
    if (shut.length > 0) return inconclusive(`All were refused, but so were right declarations (${names(shut)}).`)
    return pass(
      `${count(attempts.length, 'wrongly declared token')} were refused, and no carrier but the declared one was asked.`,
    )
  },
})

/** With everything else as the declared carrier wants it: its app id, and a second value where it has one. */
async function misdeclared(lab: Lab, phone: Handset, other: Handset): Promise<OpenAttempt> {
  const { carrier: from } = phone.sim
  return attemptLogin(lab, `${from} as ${other.sim.carrier}`, async () => {
    const { token } = await phone.authorize()
    const shape = await other.authorize()
    const authCode = shape.authCode === undefined ? {} : { authCode: lookalike(lab.rng, shape.authCode) }
    return { input: { ...loginWith(shape, await lab.nonce()), token, ...authCode }, watch: [token] }
  })
}
