import type { Judgement, Lab } from '../../src/contract/attack.ts'
import type { LifeEventKind } from '../../src/contract/journal.ts'
import { isRefusal } from './attempt.ts'
import { fail, inconclusive, pass } from './judging.ts'
import { type Login, loginOf, type SessionState, signIn, waitForEnd } from './sign-in.ts'

/** A subscriber whose SIM card or carrier changed, seen before and after the notice. */
export type KeptAccount = {
  before: Login
  /** Null when the first login failed and nothing was done. */
  notice: { exchange: number; status: number; accepted: boolean } | null
  session: SessionState | null
  after: Login | null
}

/** The same person keeps the number: logs in, the carrier reports the change, the old session is watched, the new SIM card logs in. */
export async function observeKeptAccount(
  lab: Lab,
  kind: Extract<LifeEventKind, 'sim-replaced' | 'ported'>,
): Promise<KeptAccount> {
  const phone = await lab.handset()
  const first = await signIn(lab, phone)
  if (first.credential === null) return { before: loginOf(first), notice: null, session: null, after: null }
  const moved = await lab.life(kind, phone)
  const told = await lab.rebind(moved.notice)
  const notice = { exchange: told.id, status: told.status, accepted: told.reading.kind === 'granted' }
  // A target may act on notices late: its session must outlive the whole time it has to cut others.
  const session = await waitForEnd(lab, first.credential, lab.limits.revocationWithinMs)
  const after = await signIn(lab, moved.handset)
  return { before: loginOf(first), notice, session, after: loginOf(after) }
}

/** `change`: what happened to the subscriber, as a clause. */
export function judgeKeptAccount({ before, notice, session, after }: KeptAccount, change: string): Judgement {
  if (before.account === null || notice === null || session === null || after === null)
    return inconclusive('The subscriber could not log in before the change.')
  if (!notice.accepted) return inconclusive(`The target did not accept the carrier's notice (status ${notice.status}).`)
  const exchanges = [notice.exchange, session.exchange, after.exchange]
  const expected = 'the same account, and the session goes on'

  if (after.account !== null && after.account !== before.account)
    return fail(
      `The subscriber ${change} and then reached another account than their own.`,
      'lock-out',
      'The login after the change leads to another account.',
      {
        exchanges,
        expected,
        observed: 'another account',
      },
    )
  if (after.account === null && isRefusal(after))
    return fail(
      `The subscriber ${change} and was then refused.`,
      'lock-out',
      `The login after the change was refused with status ${after.status}.`,
      {
        exchanges,
        expected,
        observed: `refused with status ${after.status}`,
      },
    )
  if (after.account === null) return inconclusive(`The login after the change got no clear answer (status ${after.status}).`)
  if (session.state === 'dead')
    return fail(
      `The subscriber ${change} and was logged out, as if the number had gone to someone else.`,
      'lock-out',
      'The session from before the change is refused.',
      {
        exchanges,
        expected,
        observed: 'the session was cut',
      },
    )
  if (session.state === 'unclear') return inconclusive('It could not be told whether the old session still lives.')
  return pass(`The subscriber ${change}, kept the session and reached the same account.`)
}
