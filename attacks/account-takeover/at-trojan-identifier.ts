import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { bindWith, phoneProof, type Step, stepOf } from '../kit/account.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, type SessionState, sessionState, signIn } from '../kit/sign-in.ts'

type Observation = {
  attacker: Login
  /** The attacker's own second number, bound with proof, and the victim's, only claimed. */
  prepared: { trojan: Step; claimed: Step } | null
  victim: Login | null
  /** The attacker by the second number, and by the session from before, once the victim has come. */
  byTrojan: Login | null
  bySession: SessionState | null
}

export default defineAttack<Observation>({
  meta: {
    id: 'at-trojan-identifier',
    family: 'account-takeover',
    title: 'Own identifier left in an account made for somebody else',
    about:
      "Prepares an account: claims the victim's number for it and binds an own second number. The victim then logs in for the first time, proving the number. If the attacker's own number, or session, still opens where the victim now lives, everything the victim does is shared from the first day.",
    severity: 'high',
    cwe: [283],
    asvs: ['7.4.3', '6.3.7'],
    api2023: ['API2'],
    has: "an own account with two numbers; the victim's number, whose owner has not come yet",
    needs: ['oneTap', 'me', 'bind'],
    notices: ['claims-end-at-login=keep-foreign-ids', 'identifier-verified=merge-unverified'],
  },

  async observe(lab) {
    const [phone, second, victimPhone] = [await lab.handset(), await lab.handset(), await lab.handset()]
    const attacker = await signIn(lab, phone)
    const nothing = { attacker: loginOf(attacker), prepared: null, victim: null, byTrojan: null, bySession: null }
    const { credential } = attacker
    if (credential === null) return nothing
    const trojan = stepOf(await bindWith(lab, phone, credential, () => phoneProof(lab, second, 'bind')))
    const claim = { kind: 'claim', number: victimPhone.sim.msisdn } as const
    const claimed = stepOf(await bindWith(lab, phone, credential, async () => claim))
    const victim = loginOf(await signIn(lab, victimPhone))
    const byTrojan = loginOf(await signIn(lab, second))
    const bySession = await sessionState(lab, credential)
    return { ...nothing, prepared: { trojan, claimed }, victim, byTrojan, bySession }
  },

  judge({ attacker, prepared, victim, byTrojan, bySession }): Judgement {
    if (attacker.account === null || prepared === null || victim === null || byTrojan === null || bySession === null)
      return inconclusive('The attacker could not log in to an own account.')
    if (victim.account === null) return inconclusive(`The victim could not log in (status ${victim.status}).`)
    const shared = [
      ...(byTrojan.account === victim.account ? ['the number bound before'] : []),
      ...(bySession.state === 'alive' && bySession.account === victim.account ? ['the session from before'] : []),
    ]
    if (shared.length > 0)
      return fail(
        `Whoever prepared the account still comes in after its owner has: by ${shared.join(' and ')}.`,
        'account-exposed',
        'Attacker and victim are shown the same account.',
        {
          exchanges: [prepared.claimed.exchange, victim.exchange, byTrojan.exchange, bySession.exchange],
          expected: 'an account of the victim alone',
          observed: 'one account for both',
        },
      )
    if (prepared.trojan.reading !== 'granted')
      return inconclusive('The attacker’s own second number could not be bound, so there was nothing to leave behind.')
    return pass('The owner of a number that others had claimed came into an account of her own, and nobody else into it.')
  },
})
