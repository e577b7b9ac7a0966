import { type CraftedRequest, defineAttack, type Judgement, type Tamper } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, type SessionState, sessionState, signIn, waitForEnd } from '../kit/sign-in.ts'
import { type Told, toldBy } from '../kit/stale-notice.ts'
import { withHeaders } from '../kit/tamper.ts'

type Observation = {
  victim: Login
  forged: ({ name: string } & Told & { session: SessionState['state'] })[]
  again: Login | null
  /** A genuine notice about another number, at the end: it cuts. */
  genuine: { told: Told; session: SessionState } | null
}

export default defineAttack<Observation>({
  meta: {
    id: 'nr-notify-forged',
    family: 'number-reuse',
    title: 'Forged notice of a new owner',
    about:
      "Posts notices that a victim's number was reissued, without a signature, with a wrong one, or with the signature of another notice. Success locks anybody out from afar, and is the first step to taking the account over.",
    severity: 'critical',
    cwe: [306, 345, 940],
    asvs: ['13.2.1', '4.1.5'],
    api2023: ['API2', 'API8'],
    has: "the webhook's address and the victim's number",
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['notice-authentic=notify-no-auth'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const victim = await signIn(lab, phone)
    const other = await lab.handset(phone.sim.carrier)
    const stranger = await signIn(lab, other)
    if (victim.credential === null || stranger.credential === null)
      return { victim: loginOf(victim), forged: [], again: null, genuine: null }
    const { notice } = await lab.life('reissued', other)
    const forged: Observation['forged'] = []
    for (const [position, [name, tamper]] of forgeries(other.sim.msisdn, phone.sim.msisdn).entries()) {
      const eventId = `${notice.eventId}-${position}`
      const told = toldBy(await lab.send('rebind', { notice: { ...notice, eventId } }, tamper))
      forged.push({ name, ...told, session: (await sessionState(lab, victim.credential)).state })
    }
    // What was taken may be worked off later.
    await waitForEnd(lab, victim.credential, lab.limits.revocationWithinMs)
    const again = await signIn(lab, phone)
    const told = toldBy(await lab.rebind(notice))
    const session = await waitForEnd(lab, stranger.credential, lab.limits.revocationWithinMs)
    return { victim: loginOf(victim), forged, again: loginOf(again), genuine: { told, session } }
  },

  judge({ victim, forged, again, genuine }): Judgement {
    if (victim.account === null || again === null || genuine === null)
      return inconclusive('The logins this attack starts from did not succeed.')
    const cut = forged.find(({ session }) => session === 'dead')
    const moved = again.account !== null && again.account !== victim.account
    if (cut !== undefined || moved)
      return fail(
        `A forged notice ${moved ? 'took the number from its account' : 'logged the victim out'} (${cut?.name ?? 'worked off late'}).`,
        'lock-out',
        moved ? 'The victim’s next login leads to another account.' : 'The victim’s session is refused.',
        {
          exchanges: [...forged.map(({ exchange }) => exchange), again.exchange],
          expected: 'refused, and nothing changed',
          observed: moved ? 'another account' : 'the session was cut',
        },
      )
    if (again.account === null || forged.some(({ session }) => session === 'unclear'))
      return inconclusive('It could not be told whether the victim was touched.')
    if (!genuine.told.accepted || genuine.session.state !== 'dead')
      return inconclusive('No forged notice did anything, but neither did a genuine one.')
    const taken = forged.filter(({ accepted }) => accepted)
    const also = taken.length === 0 ? '' : `; ${taken.length} were acknowledged without effect`
    return pass(`${forged.length} forged notices changed nothing${also}; a genuine one was acted on.`)
  },
})

/** Built from a genuine notice about `own`, to say the same of `victim`. */
function forgeries(own: string, victim: string): [string, Tamper][] {
  const renamed = (request: CraftedRequest): CraftedRequest => ({ ...request, body: request.body?.replaceAll(own, victim) })
  const changed =
    (change: (value: string) => string): Tamper =>
    request => {
      const { headers } = renamed(request)
      const signed = Object.entries(headers).map(([name, value]) => [name, isProof(name) ? change(value) : value])
      return { ...renamed(request), headers: Object.fromEntries(signed) }
    }
  return [
    ['the signature of another notice', renamed],
    ['without a signature', request => ({ ...renamed(request), headers: onlyPlain(request.headers) })],
    ['an empty signature', changed(() => '')],
    ['a signature of zeros', changed(value => value.replaceAll(/[0-9a-f]/gi, '0'))],
    ['a signature cut short', changed(value => value.slice(0, Math.floor(value.length / 2)))],
    ['said to come from the carrier', request => withHeaders({ 'x-forwarded-for': '127.0.0.1' })(renamed(request))],
  ]
}

/** Everything a target's notice carries beside its type is there to prove where it comes from. */
function isProof(name: string): boolean {
  return !/^(?:content-type|accept|user-agent)$/i.test(name)
}

function onlyPlain(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isProof(name)))
}
