import { defineAttack, type Judgement, type Tamper } from '../../src/contract/attack.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { enter, type Login, loginOf, type SessionState, sessionState, signIn } from '../kit/sign-in.ts'
import { withFields, withHeaders } from '../kit/tamper.ts'
import { loginWith } from '../kit/tokens.ts'

type Planted = {
  value: 'an invented value' | "the attacker's live session"
  place: 'body' | 'cookies and headers'
  /** Before the victim's login with it, and after. */
  before: SessionState
  after: SessionState
  /** The victim's own credential is the planted one. */
  same: boolean
  victim: Login
}
type Observation = { attacker: string | null; planted: Planted[] }

/** Where a login request may carry a session from before. */
const FIELDS = ['tokenA', 'token_a', 'accessToken', 'access_token', 'sessionId', 'session_id', 'sid', 'session']

export default defineAttack<Observation>({
  meta: {
    id: 'se-fixation',
    family: 'session',
    title: 'Session chosen before the login',
    about:
      'Plants a value in the request of somebody else’s login, as body field, cookie and header: an invented one, and a live session of the attacker’s own. If it opens the victim’s account afterwards, whoever planted it is logged in as the victim.',
    severity: 'high',
    cwe: [384],
    asvs: ['7.2.4'],
    api2023: ['API2'],
    has: "a way to put a value into the victim's login, such as a link or a shared device",
    needs: ['oneTap', 'me'],
    notices: ['session-id-fresh=accept-client-sid'],
  },

  async observe(lab) {
    const attacker = await signIn(lab, await lab.handset())
    const { credential } = attacker
    if (credential === null) return { attacker: null, planted: [] }
    const planted: Planted[] = []
    const values = [
      ['an invented value', lookalike(lab.rng, credential)],
      ["the attacker's live session", credential],
    ] as const
    for (const [name, value] of values) {
      // Strict targets refuse fields they do not know: what a cookie does must be seen without them.
      for (const [place, plant] of plantings(value)) {
        const before = await sessionState(lab, value)
        const phone = await lab.handset()
        const victim = await enter(lab, async () =>
          lab.send('oneTap', loginWith(await phone.authorize(), await lab.nonce()), plant),
        )
        const after = await sessionState(lab, value)
        const same = victim.credential !== null && fingerprint(victim.credential) === fingerprint(value)
        planted.push({ value: name, place, before, after, same, victim: loginOf(victim) })
      }
    }
    return { attacker: attacker.account, planted }
  },

  judge({ attacker, planted }): Judgement {
    if (attacker === null) return inconclusive('The attacker could not log in to learn what a session looks like.')
    const taken = planted.filter(({ after, victim }) => after.state === 'alive' && after.account === victim.account)
    const [first] = taken
    if (first !== undefined)
      return fail(
        `${first.value[0]?.toUpperCase()}${first.value.slice(1)} planted (${first.place}) before the login opens the victim's account after it.`,
        'account-exposed',
        "The planted value works as a credential of the victim's account.",
        {
          exchanges: taken.flatMap(({ before, after }) => [before.exchange, after.exchange]),
          expected: 'a login begins a session under a new value',
          observed: first.same ? 'the session took the planted value' : 'the planted session became the victim’s',
        },
      )
    if (planted.some(({ victim }) => victim.account === null && !isRefusal(victim)))
      return inconclusive("The victim's login with a planted value got no clear answer.")
    if (!planted.some(({ victim }) => victim.account !== null))
      return inconclusive('No login with a planted value succeeded, so that none took it over shows nothing.')
    if (planted.some(({ before, after }) => before.state === 'unclear' || after.state === 'unclear'))
      return inconclusive('It could not be told whether a planted value opens anything.')
    return pass('Neither an invented value nor a live session planted before the login opened the account after it.')
  },
})

function plantings(value: string): [Planted['place'], Tamper][] {
  const cookies = FIELDS.map(name => `${name}=${value}`).join('; ')
  return [
    ['body', withFields(Object.fromEntries(FIELDS.map(name => [name, value])))],
    ['cookies and headers', withHeaders({ Authorization: `Bearer ${value}`, Cookie: cookies, 'X-Session-Id': value })],
  ]
}
