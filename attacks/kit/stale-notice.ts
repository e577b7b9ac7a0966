import type { Exchange, Judgement, Lab } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from './judging.ts'
import { type Login, loginOf, type SessionState, sessionState, signIn, waitForEnd } from './sign-in.ts'

/** Somebody who holds a number today, while a notice of the past arrives. */
export type StaleNotice = {
  owner: Login
  /** Null when the owner could not log in and nothing was sent. */
  stale: Told[] | null
  session: SessionState | null
  /** The owner's next login. */
  again: Login | null
  /** A notice of today about the same number: it must still cut. */
  genuine: { told: Told; session: SessionState } | null
}

export type Told = { exchange: number; status: number; accepted: boolean }

export function toldBy({ id, status, reading }: Exchange): Told {
  return { exchange: id, status, accepted: reading.kind === 'granted' }
}

/**
 * A number changes hands twice. `deliver` tells the target about it and returns the deliveries that are of the past for whoever
 * holds the number in the end; `before` runs before that holder logs in.
 */
export async function observeStaleNotice(
  lab: Lab,
  before: (told: Parameters<Lab['rebind']>[0], older: Parameters<Lab['rebind']>[0]) => Promise<void>,
  deliver: (told: Parameters<Lab['rebind']>[0], older: Parameters<Lab['rebind']>[0]) => Promise<Told[]>,
): Promise<StaleNotice> {
  const phone = await lab.handset()
  const former = await signIn(lab, phone)
  const first = await lab.life('reissued', phone)
  const second = await lab.life('reissued', first.handset)
  await before(second.notice, first.notice)
  const owner = await signIn(lab, second.handset)
  const none = { owner: loginOf(owner), stale: null, session: null, again: null, genuine: null }
  if (former.credential === null || owner.credential === null) return none
  const stale = await deliver(second.notice, first.notice)
  // A target may act late: the session must outlive the whole time it has to cut others.
  const session = await waitForEnd(lab, owner.credential, lab.limits.revocationWithinMs)
  const again = await signIn(lab, second.handset)
  const third = await lab.life('reissued', second.handset)
  const told = toldBy(await lab.rebind(third.notice))
  const last = again.credential ?? owner.credential
  await waitForEnd(lab, last, lab.limits.revocationWithinMs)
  return {
    owner: loginOf(owner),
    stale,
    session,
    again: loginOf(again),
    genuine: { told, session: await sessionState(lab, last) },
  }
}

/** `what`: the stale notice, as a subject. */
export function judgeStaleNotice({ owner, stale, session, again, genuine }: StaleNotice, what: string): Judgement {
  if (owner.account === null || stale === null || session === null || again === null || genuine === null)
    return inconclusive('The logins this attack starts from did not succeed.')
  const exchanges = [...stale.map(({ exchange }) => exchange), session.exchange, again.exchange]
  const expected = 'the holder of today keeps session and account'
  if (again.account !== null && again.account !== owner.account)
    return fail(`${what} took the number from its holder of today.`, 'lock-out', 'The next login leads to another account.', {
      exchanges,
      expected,
      observed: 'another account',
    })
  if (session.state === 'dead')
    return fail(`${what} logged out the number’s holder of today.`, 'lock-out', 'The session from after the event is refused.', {
      exchanges,
      expected,
      observed: 'the session was cut',
    })
  if (session.state === 'unclear' || again.account === null)
    return inconclusive('It could not be told whether the holder of today was touched.')
  if (!genuine.told.accepted || genuine.session.state === 'alive')
    return inconclusive('The holder of today was not touched, but a notice of today did nothing either.')
  return pass(`${what} changed nothing for the number’s holder of today; a new notice cut.`)
}
