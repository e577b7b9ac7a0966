import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { CarrierId } from '../../src/contract/carriers.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { LOGIN_TOKEN_LIFE_MS } from '../kit/documented-life.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  expired: Attempt[]
  /** Tokens shortly before their end, as an app that kept one through a tunnel would send them. */
  late: Attempt[]
}

const MARGIN_MS = 20_000
const HOUR_MS = 3_600_000

export default defineAttack<Observation>({
  meta: {
    id: 'ft-carrier-expired',
    family: 'forged-token',
    title: 'Genuine carrier token after its life',
    about:
      'Posts tokens that the carrier really issued, seconds, an hour and a day past their documented life. Success means that a token found in a log or a backup still logs in.',
    severity: 'medium',
    cwe: [613, 672],
    asvs: ['6.5.5', '9.2.1'],
    api2023: ['API2'],
    has: 'an old token of an own number',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-verified=trust-any-token', 'carrier-routing=carrier-fanout'],
  },

  async observe(lab) {
    const expired: OpenAttempt[] = []
    const late: OpenAttempt[] = []
    for (const carrier of carriersOf(lab)) {
      const life = LOGIN_TOKEN_LIFE_MS[carrier]
      for (const [name, pastMs] of [
        ['just', MARGIN_MS],
        ['an hour', HOUR_MS],
        ['a day', 24 * HOUR_MS],
      ] as const)
        expired.push(await aged(lab, carrier, `${carrier}: ${name} past its life`, life + pastMs))
      late.push(await aged(lab, carrier, `${carrier}: shortly before its end`, life - MARGIN_MS))
    }
    return { expired: await withCalls(lab, expired), late: await withCalls(lab, late) }
  },

  judge({ expired, late }): Judgement {
    const sorted = sortAttempts(expired, () => 1)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A carrier token past its life logged in (${names(gotIn)}).`,
        'credential',
        'The reply to an expired token held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${expired.length} logged in` },
      )
    if (overspent.length > 0)
      return fail(
        `An expired token cost more than one carrier call (${names(overspent)}).`,
        'carrier-call',
        'The carrier journal shows several calls with one expired token.',
        { ...evidenceOf(overspent), expected: 'at most one carrier call', observed: `${overspent[0]?.calls.length ?? 0} calls` },
      )
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    const early = late.filter(({ account }) => account === null)
    if (early.length > 0)
      return inconclusive(`Expired tokens were refused, but so were tokens within their life (${names(early)}).`)
    return pass(`${count(expired.length, 'expired token')} were refused; late ones within their life logged in.`)
  },
})

async function aged(lab: Lab, carrier: CarrierId, name: string, ageMs: number): Promise<OpenAttempt> {
  const phone = await lab.handset(carrier)
  return attemptLogin(lab, name, async () => {
    const issued = await phone.authorize({ ageMs })
    return { input: loginWith(issued, await lab.nonce()), watch: [issued.token] }
  })
}
