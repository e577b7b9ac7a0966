import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { ThirdPartyId } from '../../src/contract/target.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { namesakes } from '../kit/same-id.ts'
import { type Login, loginOf } from '../kit/sign-in.ts'
import { thirdPartyLogin } from '../kit/third-party.ts'

type Observation = {
  victimAt: ThirdPartyId
  attackerAt: ThirdPartyId
  victim: Login
  /** Another person at another provider, who has the same id there. */
  attacker: Login
  /** The victim once more. */
  again: Login
}

export default defineAttack<Observation>({
  meta: {
    id: 'at-provider-mixup',
    family: 'account-takeover',
    title: 'Same id at two identity providers',
    about:
      'Two people have the same id, one at each of two providers that number their users. The second logs in honestly. Reaching the first one’s account means that ids are kept without the provider they are of: who can have any id at any provider has everybody’s.',
    severity: 'high',
    cwe: [287, 178],
    asvs: ['6.8.1', '10.2.2'],
    api2023: ['API2'],
    has: "an account at another provider, with the victim's id",
    needs: ['oneTap', 'me', 'thirdPartyLogin'],
    notices: ['provider-identity=identifier-no-type'],
  },

  async observe(lab) {
    const pair = await namesakes(lab)
    if (pair === undefined) return { notApplicable: 'no two identity providers are up that number their users' }
    const { here, there } = pair
    const victim = loginOf(await thirdPartyLogin(lab, here.provider, here.user))
    const attacker = loginOf(await thirdPartyLogin(lab, there.provider, there.user))
    const again = loginOf(await thirdPartyLogin(lab, here.provider, here.user))
    return { victimAt: here.provider, attackerAt: there.provider, victim, attacker, again }
  },

  judge({ victimAt, attackerAt, victim, attacker, again }): Judgement {
    if (victim.account === null) return inconclusive(`A user of ${victimAt} could not log in (status ${victim.status}).`)
    if (attacker.account === victim.account)
      return fail(
        `A user of ${attackerAt} reached the account of a user of ${victimAt} who has the same id there.`,
        'account-exposed',
        "The second person's own login opens the first one's account.",
        {
          exchanges: [victim.exchange, attacker.exchange],
          expected: 'an account of their own, or a refusal',
          observed: "the other provider's user's account",
        },
      )
    if (attacker.account === null && !isRefusal(attacker))
      return inconclusive(`The login of a user of ${attackerAt} got no clear answer (status ${attacker.status}).`)
    if (again.account !== victim.account) return inconclusive(`The user of ${victimAt} did not reach the same account again.`)
    return pass(`Users of ${victimAt} and ${attackerAt} with one id have an account each.`)
  },
})
