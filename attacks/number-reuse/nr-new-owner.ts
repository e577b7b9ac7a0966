import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, signIn, waitForEnd } from '../kit/sign-in.ts'

type Observation = {
  former: Login
  /** Null when the former owner could not log in and nothing was done. */
  notice: { exchange: number; status: number; accepted: boolean } | null
  /** The new owner's logins, one after the other. */
  owner: Login[]
}

export default defineAttack<Observation>({
  meta: {
    id: 'nr-new-owner',
    family: 'number-reuse',
    title: 'New owner of a reissued number logs in',
    about:
      'The carrier takes a number back, gives it to another subscriber and says so; the new subscriber then logs in, with no ill will at all. Reaching the former owner’s account means that accounts follow numbers, not people.',
    severity: 'critical',
    cwe: [672, 283, 640],
    asvs: ['10.3.3', '10.5.2', '6.1.3', '8.3.2'],
    api2023: ['API2', 'API1'],
    has: 'lawful possession of a number that once belonged to somebody else',
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['reissue-unbinds=ignored'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const former = await signIn(lab, phone)
    if (former.credential === null) return { former: loginOf(former), notice: null, owner: [] }
    const moved = await lab.life('reissued', phone)
    const told = await lab.rebind(moved.notice)
    const notice = { exchange: told.id, status: told.status, accepted: told.reading.kind === 'granted' }
    // The target may act on notices late; the end of the old session shows that it has, and nothing is waited for beyond its limit.
    await waitForEnd(lab, former.credential, lab.limits.revocationWithinMs)
    const owner = [loginOf(await signIn(lab, moved.handset)), loginOf(await signIn(lab, moved.handset))]
    return { former: loginOf(former), notice, owner }
  },

  judge({ former, notice, owner }): Judgement {
    if (former.account === null || notice === null)
      return inconclusive('The former owner could not log in before the number was reissued.')
    const taken = owner.find(({ account }) => account === former.account)
    if (taken !== undefined && notice.accepted)
      return fail(
        'The new owner of a reissued number reached the former owner’s account, although the carrier had said so.',
        'account-exposed',
        'The new owner’s credential opens the account that the former owner made.',
        {
          exchanges: [former.exchange, notice.exchange, taken.exchange],
          expected: 'an account of their own',
          observed: 'the former owner’s account',
        },
      )
    if (!notice.accepted) return inconclusive(`The target did not accept the carrier's notice (status ${notice.status}).`)
    const accounts = new Set(owner.map(({ account }) => account))
    const [first] = owner
    if (first === undefined || owner.some(({ account }) => account === null))
      return inconclusive(
        `The new owner was not let in (status ${owner.find(({ account }) => account === null)?.status ?? 0}), so where a login leads is not shown.`,
      )
    if (accounts.size > 1) return inconclusive('The new owner reached a different account at each login.')
    return pass('The new owner of a reissued number reached an account of their own, twice, and not the former owner’s.')
  },
})
