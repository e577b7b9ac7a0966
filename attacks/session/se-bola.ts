import { defineAttack, type Exchange, type Judgement } from '../../src/contract/attack.ts'
import { plainly } from '../kit/account.ts'
import { isRefusal } from '../kit/attempt.ts'
import { count, fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'
import { withHeaders, withQuery } from '../kit/tamper.ts'

type Look = { how: string; exchange: number; status: number; refused: boolean; shown: string | null }
type Observation = {
  own: string | null
  victim: string | null
  /** The own account by its id; null where accounts cannot be asked for by id. */
  honest: Look | null
  looks: Look[]
}

export default defineAttack<Observation>({
  meta: {
    id: 'se-bola',
    family: 'session',
    title: "Somebody else's account by its id",
    about:
      "Asks for the victim's account by its id with an own session: at the address for accounts, and as a query word or header beside the own profile. Ids are no secret; if one opens an account, all accounts are open.",
    severity: 'critical',
    cwe: [639],
    asvs: ['8.2.2'],
    api2023: ['API1'],
    has: "an own session; the victim's account id, which is no secret",
    needs: ['oneTap', 'me'],
    notices: ['owner-checked=no-owner-check'],
  },

  async observe(lab) {
    const own = await signIn(lab, await lab.handset())
    const victim = await signIn(lab, await lab.handset())
    const { credential } = own
    const nothing: Observation = { own: own.account, victim: victim.account, honest: null, looks: [] }
    if (credential === null || own.account === null || victim.account === null) return nothing
    const id = victim.account
    const looks: Look[] = []
    let honest: Look | null = null
    if (lab.has('accountById')) {
      const byId = (account: string): Promise<Exchange> => plainly(lab, () => lab.send('accountById', { credential, account }))
      honest = lookOf('own account by its id', await byId(own.account))
      looks.push(lookOf("victim's account by its id", await byId(id)))
    }
    const named = { id, userId: id, user_id: id, accountId: id, account: id, uid: id }
    looks.push(
      lookOf('id as query words of the profile', await plainly(lab, () => lab.send('me', { credential }, withQuery(named)))),
    )
    const headers = withHeaders({ 'X-User-Id': id, 'X-Account-Id': id })
    looks.push(lookOf('id as headers of the profile', await plainly(lab, () => lab.send('me', { credential }, headers))))
    return { ...nothing, honest, looks }
  },

  judge({ own, victim, honest, looks }): Judgement {
    if (own === null || victim === null)
      return inconclusive('The two honest logins this attack starts from did not both succeed.')
    if (own === victim) return inconclusive('Two numbers share one account, so looking at the other could not be told.')
    const open = looks.filter(({ shown }) => shown === victim)
    const [first] = open
    if (first !== undefined)
      return fail(
        `An own session showed somebody else's account (${first.how}).`,
        'account-exposed',
        "The reply to the attacker's session is about the victim's account.",
        {
          exchanges: open.map(({ exchange }) => exchange),
          expected: 'refused, or the own account',
          observed: `${open.length} of ${looks.length} ways`,
        },
      )
    if (honest !== null && honest.shown !== own) return inconclusive('The own account cannot be seen by its id either.')
    const unclear = looks.filter(({ shown, refused }) => shown === null && !refused)
    if (unclear.length > 0)
      return inconclusive(
        `${count(unclear.length, 'request')} got no clear answer (${unclear.map(({ how }) => how).join(', ')}).`,
      )
    return pass(`The victim's account was shown in none of ${count(looks.length, 'way')}.`)
  },
})

function lookOf(how: string, { id, status, reading }: Exchange): Look {
  const shown = reading.kind === 'granted' ? (reading.account ?? null) : null
  return { how, exchange: id, status, refused: isRefusal({ status, reading: reading.kind }), shown }
}
