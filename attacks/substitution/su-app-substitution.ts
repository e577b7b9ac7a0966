import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { judgePosing, type PosingAttempt, withForeignCalls } from '../kit/posing.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  attempts: PosingAttempt[]
  honest: Attempt
}

const PHONES = 3

export default defineAttack<Observation>({
  meta: {
    id: 'su-app-substitution',
    family: 'substitution',
    title: 'Token given to another app',
    about:
      "Posts tokens that the carrier gave to a different app, under the target's app id and under that app's own. Success means that any app on a victim's phone can log in here as the victim; a call in the other app's name, that clients choose whom the backend is.",
    severity: 'critical',
    cwe: [346, 345, 290],
    asvs: ['9.2.3', '10.3.1'],
    api2023: ['API2', 'API10'],
    has: "a genuine token for the victim's number that another app obtained",
    needs: ['oneTap', 'me'],
    notices: ['app-binding=client-picks-endpoint', 'carrier-token-verified=trust-any-token', 'carrier-routing=carrier-fanout'],
  },

  async observe(lab) {
    const open: (OpenAttempt & { ours: string })[] = []
    let phone = await lab.handset()
    for (let turn = 0; turn < PHONES; turn++) {
      const own = await phone.authorize()
      for (const named of ['own', 'foreign'] as const) {
        const opened = await attemptLogin(lab, `${own.carrier}: foreign token, ${named} app id`, async () => {
          const foreign = await phone.authorize({ app: 'foreign' })
          const appId = named === 'own' ? own.appId : foreign.appId
          return { input: { ...loginWith(foreign, await lab.nonce()), appId }, watch: [foreign.token] }
        })
        open.push({ ...opened, ours: own.appId })
      }
      phone = await lab.handset()
    }
    const honest = await attemptLogin(lab, 'own token', async () => ({
      input: loginWith(await phone.authorize(), await lab.nonce()),
      watch: [],
    }))
    const attempts = await withForeignCalls(lab, open)
    return { attempts, honest: honest.attempt }
  },

  judge({ attempts, honest }): Judgement {
    const sorted = sortAttempts(attempts, () => 1)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A token that another app obtained logged in (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${attempts.length} logged in` },
      )
    const posed = judgePosing(attempts, many => `${many} calls under another`)
    if (posed !== undefined) return posed
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (overspent.length > 0) return inconclusive(`A refused token cost more than one carrier call (${names(overspent)}).`)
    if (honest.account === null) return inconclusive('All were refused, but so was a token of the target’s own app.')
    return pass(
      `${count(attempts.length, 'token')} that another app obtained were refused; the target asked under its own app id only.`,
    )
  },
})
