import { defineAttack, type Judgement, type Lab, type ProviderCredential } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import type { ThirdPartyId, ThirdPartyLoginInput } from '../../src/contract/target.ts'
import { isRefusal } from '../kit/attempt.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { enter, type Login, loginOf } from '../kit/sign-in.ts'
import { withFields } from '../kit/tamper.ts'
import { credentialOf, providerUser, thirdPartyLogin } from '../kit/third-party.ts'

type Tried = { provider: ThirdPartyId; victim: Login; own: Login; attempts: ({ variant: string } & Login)[] }
type Observation = { tried: Tried[] }

/** Names under which apps send along what their SDK told them about the user. */
const ID_FIELDS = ['openid', 'open_id', 'unionId', 'unionid', 'uid', 'userId', 'identifier']

export default defineAttack<Observation>({
  meta: {
    id: 'at-openid-client',
    family: 'account-takeover',
    title: "Third-party login with somebody else's openId",
    about:
      "Logs in by a provider with an own, genuine credential and the victim's openId beside it. Success means that the target checks the credential but believes the client about whose it is: every account whose openId is known is open.",
    severity: 'critical',
    cwe: [287, 302, 639],
    asvs: ['10.5.2', '6.8.2'],
    api2023: ['API2'],
    has: "an own account at the provider; the victim's openId, which is no secret",
    needs: ['oneTap', 'me', 'thirdPartyLogin'],
    notices: ['provider-identity=openid-from-client'],
  },

  async observe(lab) {
    const tried: Tried[] = []
    if (lab.identityProviders.length === 0) return { notApplicable: 'no identity provider is up' }
    for (const provider of lab.identityProviders) {
      const victimUser = await providerUser(lab)
      const ownUser = await providerUser(lab)
      const victim = loginOf(await thirdPartyLogin(lab, provider, victimUser))
      if (victim.account === null) {
        tried.push({ provider, victim, own: victim, attempts: [] })
        continue
      }
      const own = loginOf(await thirdPartyLogin(lab, provider, ownUser))
      const ids = await lab.providerCredential(provider, victimUser)
      tried.push({ provider, victim, own, attempts: await attempts(lab, provider, ownUser, ids) })
    }
    return { tried }
  },

  judge({ tried }): Judgement {
    const usable = tried.filter(({ victim, own }) => victim.account !== null && own.account !== null)
    if (usable.length === 0) return inconclusive('No provider could be found by which two honest users log in.')
    if (usable.some(({ victim, own }) => victim.account === own.account))
      return inconclusive('Two users of one provider share an account, so taking one over could not be told.')
    const all = usable.flatMap(({ attempts }) => attempts)
    const taken = usable.flatMap(({ provider, victim, attempts }) =>
      attempts.filter(({ account }) => account === victim.account).map(attempt => ({ provider, ...attempt })),
    )
    const [first] = taken
    if (first !== undefined)
      return fail(
        `A stranger's account was opened by its openId (${first.provider}, ${first.variant}).`,
        'account-exposed',
        "A login with the attacker's own credential leads to the victim's account.",
        {
          exchanges: taken.map(({ exchange }) => exchange),
          expected: "the provider's answer decides who it is",
          observed: `${taken.length} of ${all.length} attempts reached the victim`,
        },
      )
    const unclear = all.filter(attempt => attempt.account === null && !isRefusal(attempt))
    if (unclear.length > 0) return inconclusive(`${count(unclear.length, 'attempt')} got no clear answer.`)
    return pass(
      `${count(all.length, 'login')} by ${usable.map(({ provider }) => provider).join(', ')} that named the victim led to nobody or to the attacker's own account.`,
    )
  },
})

async function attempts(
  lab: Lab,
  provider: ThirdPartyId,
  ownUser: number,
  { openId, unionId }: ProviderCredential,
): Promise<Tried['attempts']> {
  const own = async () => credentialOf(await lab.providerCredential(provider, ownUser))
  const others: Record<string, Json> = Object.fromEntries(
    ID_FIELDS.map(name => [name, /union/i.test(name) ? (unionId ?? openId) : openId]),
  )
  const variants: [string, () => Promise<Omit<ThirdPartyLoginInput, 'provider'>>, Record<string, Json>][] = [
    ['own credential, openId beside it', async () => ({ ...(await own()), openId }), {}],
    ['own credential, openId under other names', own, others],
    ['no credential, openId alone', async () => ({ openId }), others],
    [
      'invented credential',
      async () => ({ accessToken: lab.rng.text(32, '0123456789abcdef'), code: lab.rng.text(32, '0123456789abcdef'), openId }),
      {},
    ],
  ]
  const made: Tried['attempts'] = []
  for (const [variant, input, extra] of variants) {
    const login = await enter(lab, async () => lab.send('thirdPartyLogin', { provider, ...(await input()) }, withFields(extra)))
    made.push({ variant, ...loginOf(login) })
  }
  return made
}
