import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { ThirdPartyId } from '../../src/contract/target.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf } from '../kit/sign-in.ts'
import { providerUser, thirdPartyLogin } from '../kit/third-party.ts'

type Tried = { provider: ThirdPartyId; own: Login; foreign: Login | null }
type Observation = { tried: Tried[] }

export default defineAttack<Observation>({
  meta: {
    id: 'at-provider-other-app',
    family: 'account-takeover',
    title: "Provider's token that was given to another app",
    about:
      "A user logged in to somebody else's app, which now presents that user's genuine credential here. Success means that the target does not ask for whom the credential was made: the operator of any app its users use can log in as them.",
    severity: 'critical',
    cwe: [346],
    asvs: ['10.3.1', '10.5.4', '9.2.3'],
    api2023: ['API2'],
    has: 'another app at the same provider that the victim logs in to',
    needs: ['oneTap', 'me', 'thirdPartyLogin'],
    notices: ['provider-identity=no-provider-audience'],
  },

  async observe(lab) {
    if (lab.identityProviders.length === 0) return { notApplicable: 'no identity provider is up' }
    const tried: Tried[] = []
    for (const provider of lab.identityProviders) {
      const victim = await providerUser(lab)
      const own = loginOf(await thirdPartyLogin(lab, provider, victim))
      const foreign = own.account === null ? null : loginOf(await thirdPartyLogin(lab, provider, victim, 'foreign'))
      tried.push({ provider, own, foreign })
    }
    return { tried }
  },

  judge({ tried }): Judgement {
    const usable = tried.flatMap(one =>
      one.own.account !== null && one.foreign !== null ? [{ ...one, foreign: one.foreign }] : [],
    )
    if (usable.length === 0) return inconclusive('No provider could be found by which an honest user logs in.')
    const accepted = usable.filter(({ foreign }) => foreign.account !== null)
    const reached = accepted.filter(({ own, foreign }) => foreign.account === own.account)
    if (accepted.length > 0) {
      const kind = reached.length > 0 ? 'account-exposed' : 'credential'
      const by = (reached.length > 0 ? reached : accepted).map(({ provider }) => provider).join(', ')
      return fail(
        `A credential made for another app ${reached.length > 0 ? "opened its user's account" : 'logged in'} (${by}).`,
        kind,
        reached.length > 0
          ? "The other app's credential opens the account that its user has at the target."
          : "The other app's credential was given a session that opens an account.",
        {
          exchanges: accepted.map(({ foreign }) => foreign.exchange),
          expected: 'refused: the credential names another app',
          observed: `${accepted.length} of ${usable.length} providers' credentials accepted`,
        },
      )
    }
    const unclear = usable.filter(({ foreign }) => !isRefusal(foreign))
    if (unclear.length > 0)
      return inconclusive(`The foreign credential got no clear answer (${unclear.map(({ provider }) => provider).join(', ')}).`)
    return pass(
      `Credentials made for another app were refused (${usable.map(({ provider }) => provider).join(', ')}); the same users' own logged in.`,
    )
  },
})
