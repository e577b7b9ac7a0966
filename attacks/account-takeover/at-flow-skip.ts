import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { codeFor, newPassword, passwordLogin, type Step, stepOf } from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'
import { withFields } from '../kit/tamper.ts'

type Skip = { variant: string; step: Step; login: Login }
type Observation = { victim: string | null; honest: Login | null; skips: Skip[] }

/** What a page knows after the step before, and may say of itself. */
const CLAIMS: Readonly<Record<string, Json>> = {
  codeVerified: true,
  verified: true,
  smsVerified: true,
  isVerified: 1,
  success: true,
  step: 2,
  status: 'verified',
}

const VARIANTS: readonly [string, Json, Readonly<Record<string, Json>>][] = [
  ['an invented code', '000000', {}],
  ['an invented code, and said to be verified', '000000', CLAIMS],
  ['an empty code, and said to be verified', '', CLAIMS],
  ['null for a code, and said to be verified', null, CLAIMS],
  ['true for a code', true, {}],
  ['an empty list for a code', [], {}],
]

export default defineAttack<Observation>({
  meta: {
    id: 'at-flow-skip',
    family: 'account-takeover',
    title: 'Password reset without the step before',
    about:
      "Resets the victim's password with no code that was ever sent, and with fields that say that the code was checked on the page before. Success means that the client decides which steps were done.",
    severity: 'critical',
    cwe: [841, 288],
    asvs: ['2.3.1', '6.4.3'],
    api2023: ['API2'],
    has: "the victim's number",
    needs: ['oneTap', 'me', 'smsSend', 'passwordReset', 'passwordLogin'],
    notices: ['reset-proved=client-step-state'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const { msisdn } = phone.sim
    const victim = await signIn(lab, phone)
    const skips: Skip[] = []
    for (const [variant, code, claims] of VARIANTS) {
      const password = newPassword(lab)
      const reset = await lab.send('passwordReset', { number: msisdn, code, newPassword: password }, withFields(claims))
      skips.push({ variant, step: stepOf(reset), login: loginOf(await passwordLogin(lab, msisdn, password)) })
    }
    const { code } = await codeFor(lab, msisdn, 'reset')
    if (code === undefined) return { victim: victim.account, honest: null, skips }
    const password = newPassword(lab)
    await lab.send('passwordReset', { number: msisdn, code, newPassword: password })
    return { victim: victim.account, honest: loginOf(await passwordLogin(lab, msisdn, password)), skips }
  },

  judge({ victim, honest, skips }): Judgement {
    if (victim === null) return inconclusive('The victim has no account to be taken.')
    const taken = skips.filter(({ login }) => login.account === victim)
    const [first] = taken
    if (first !== undefined)
      return fail(
        `The victim's password was reset with ${first.variant}.`,
        'account-exposed',
        "The attacker's password opens the victim's account, and no code was ever read.",
        {
          exchanges: taken.flatMap(({ step, login }) => [step.exchange, login.exchange]),
          expected: 'refused without the code that was sent',
          observed: `${taken.length} of ${skips.length} ways worked`,
        },
      )
    if (honest?.account !== victim) return inconclusive('A reset with the right code did not work either.')
    const unclear = skips.filter(({ login }) => login.account === null && !isRefusal(login))
    if (unclear.length > 0)
      return inconclusive(`${count(unclear.length, 'login')} with the attacker's password got no clear answer.`)
    return pass(`${count(skips.length, 'reset')} without the right code changed nothing; one with it did.`)
  },
})
