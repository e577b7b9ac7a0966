import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { splitJwt } from '../kit/jwt.ts'
import { nextValues } from '../kit/predict.ts'
import { LONG_COUNT, seedBehind } from '../kit/seeds.ts'
import { type SessionState, sessionState, signIn } from '../kit/sign-in.ts'

type Observation = {
  collected: number
  shortest: number
  /** How the credentials were made, when that was found out. */
  rule: string | null
  victim: string | null
  guesses: ({ name: string } & SessionState)[]
}

const SAMPLES = 12
export default defineAttack<Observation>({
  meta: {
    id: 'ft-session-guess',
    family: 'forged-token',
    title: "Somebody else's session, computed",
    about:
      'Collects session credentials of own logins, looks for the count behind them, also behind a digest, and computes the credential that the next to log in was given. Success needs no contact with the victim at all.',
    severity: 'high',
    cwe: [330, 340, 338],
    asvs: ['7.2.3', '11.5.1'],
    api2023: ['API2'],
    has: 'own sessions',
    needs: ['oneTap', 'me'],
    notices: ['random-values=weak-session-id'],
    alone: true,
  },

  async observe(lab) {
    const phone = await lab.handset()
    const credentials: string[] = []
    for (let i = 0; i < SAMPLES; i++) {
      const { credential } = await signIn(lab, phone)
      if (credential !== null) credentials.push(credential)
    }
    const last = credentials.at(-1)
    if (last !== undefined && splitJwt(last) !== undefined) return { notApplicable: 'the credential of this target is a JWT' }
    const victim = await signIn(lab, await lab.handset())
    const found = last === undefined ? undefined : (seedBehind(last, LONG_COUNT) ?? nextValues(credentials))
    const guesses: Observation['guesses'] = []
    for (const [position, guess] of (found?.candidates ?? []).entries())
      guesses.push({ name: `${position + 1} ahead`, ...(await sessionState(lab, guess)) })
    const shortest = Math.min(...credentials.map(({ length }) => length), Number.MAX_SAFE_INTEGER)
    return { collected: credentials.length, shortest, rule: found?.structure ?? null, victim: victim.account, guesses }
  },

  judge({ collected, shortest, rule, victim, guesses }): Judgement {
    if (collected < SAMPLES || victim === null)
      return inconclusive('The honest logins this attack starts from did not all succeed.')
    const taken = guesses.filter(({ state, account }) => state === 'alive' && account === victim)
    if (taken.length > 0)
      return fail(
        `A stranger's session was computed: credentials are ${rule ?? 'no secret'}.`,
        'account-exposed',
        "A computed credential opens the victim's account.",
        { exchanges: taken.map(({ exchange }) => exchange), expected: 'no rule behind credentials', observed: rule ?? '' },
      )
    if (rule !== null) return inconclusive(`Credentials are ${rule}, but none that was computed opened the victim's account.`)
    // 128 bits in an alphabet of 64 (ASVS 7.2.3).
    if (shortest < 22) return inconclusive(`Credentials of ${shortest} characters may be within reach of guessing.`)
    return pass(`No rule was found behind ${collected} credentials of at least ${shortest} characters.`)
  },
})
