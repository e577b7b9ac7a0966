import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { bindWith, firstPassword, newPassword, passwordLogin, phoneProof, type Step, stepOf } from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn } from '../kit/sign-in.ts'

type Observation = {
  attacker: Login
  /** An own second number, bound with proof, and where it then leads. */
  honest: { bound: Step; login: Login } | null
  /** The victim's number, only claimed. */
  claimed: Step | null
  victim: Login | null
  /** The attacker's password with the victim's number. */
  byPassword: Login | null
}

export default defineAttack<Observation>({
  meta: {
    id: 'at-merge-unverified',
    family: 'account-takeover',
    title: 'Number claimed before its owner comes',
    about:
      "Writes the victim's number into an own account without proving it, sets a password and waits. If the victim's first login then leads into that account, the attacker sits in it already and shares everything the victim does from then on.",
    severity: 'critical',
    cwe: [283, 287],
    asvs: ['6.8.1', '6.3.4'],
    api2023: ['API2'],
    has: "an own account; the victim's number, whose owner has not come yet",
    needs: ['oneTap', 'me', 'bind'],
    notices: ['identifier-verified=merge-unverified', 'claims-end-at-login=keep-foreign-ids'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const second = await lab.handset()
    const victim = await lab.handset()
    const attacker = await signIn(lab, phone)
    const nothing: Observation = { attacker: loginOf(attacker), honest: null, claimed: null, victim: null, byPassword: null }
    const { credential } = attacker
    if (credential === null) return nothing

    const bound = await bindWith(lab, phone, credential, () => phoneProof(lab, second, 'bind'))
    const honest = { bound: stepOf(bound), login: loginOf(await signIn(lab, second)) }
    const claim = { kind: 'claim', number: victim.sim.msisdn } as const
    const claimed = stepOf(await bindWith(lab, phone, credential, async () => claim))
    const password = newPassword(lab)
    const canHavePassword = lab.has('passwordChange') && lab.has('passwordLogin')
    if (canHavePassword) await firstPassword(lab, phone, credential, password)
    const arrived = loginOf(await signIn(lab, victim))
    const byPassword = canHavePassword ? loginOf(await passwordLogin(lab, victim.sim.msisdn, password)) : null
    return { ...nothing, honest, claimed, victim: arrived, byPassword }
  },

  judge({ attacker, honest, claimed, victim, byPassword }): Judgement {
    if (attacker.account === null || honest === null || claimed === null || victim === null)
      return inconclusive('The attacker could not log in to an own account.')
    if (victim.account === attacker.account)
      return fail(
        "The victim's first login led into the attacker's account, where the number had only been claimed.",
        'account-exposed',
        'The owner of the number and the attacker share one account that the attacker made.',
        {
          exchanges: [claimed.exchange, victim.exchange],
          expected: 'an account of the victim alone',
          observed: "the attacker's account",
        },
      )
    if (byPassword !== null && victim.account !== null && byPassword.account === victim.account)
      return fail(
        "The attacker's password opened the victim's account.",
        'account-exposed',
        "A password set before the victim came opens the account of the number's owner.",
        { exchanges: [victim.exchange, byPassword.exchange], expected: 'refused', observed: "the victim's account" },
      )
    if (honest.login.account !== attacker.account)
      return inconclusive(
        'A second number bound with proof does not lead to the account either, so that a claimed one does not shows nothing.',
      )
    if (victim.account === null) return inconclusive(`The victim could not log in (status ${victim.status}).`)
    if (byPassword !== null && byPassword.account === null && !isRefusal(byPassword))
      return inconclusive("The attacker's password with the victim's number got no clear answer.")
    return pass('The number that was only claimed stayed its owner’s; one bound with proof led to the account.')
  },
})
