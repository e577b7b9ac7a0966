import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, type SessionState, sessionState, signIn, waitForEnd } from '../kit/sign-in.ts'

type Observation = {
  former: Login
  /** Null when a login before the change failed and nothing was done. */
  notice: { exchange: number; status: number; accepted: boolean } | null
  /** The former owner's two sessions, after the notice and the time the target has. */
  sessions: SessionState[]
  /** Somebody else's session at the same moment. */
  bystander: SessionState | null
  withinMs: number
}

export default defineAttack<Observation>({
  meta: {
    id: 'nr-old-session',
    family: 'number-reuse',
    title: 'Session of the former owner after reissue',
    about:
      'The former owner of a reissued number stays logged in on two devices. Sessions that live on after the carrier’s notice mean that the number’s old holder keeps acting in its name.',
    severity: 'high',
    cwe: [613, 672],
    asvs: ['7.4.1', '7.4.3', '8.3.2'],
    api2023: ['API2'],
    has: 'a session obtained with a number that has since been given to somebody else',
    needs: ['oneTap', 'me', 'rebind'],
    notices: ['reissue-unbinds=ignored', 'reissue-unbinds=keeps-sessions'],
  },

  async observe(lab) {
    const withinMs = lab.limits.revocationWithinMs
    const phone = await lab.handset()
    const devices = [await signIn(lab, phone), await signIn(lab, phone)] as const
    const stranger = await signIn(lab, await lab.handset())
    const [{ credential: first }, { credential: second }] = devices
    const former = loginOf(devices[0])
    if (first === null || second === null || stranger.credential === null)
      return { former, notice: null, sessions: [], bystander: null, withinMs }

    const { notice } = await lab.life('reissued', phone)
    const told = await lab.rebind(notice)
    const sessions = [await waitForEnd(lab, first, withinMs)]
    // Both were cut by one notice; the second gets no time of its own.
    sessions.push(await sessionState(lab, second))
    const bystander = await sessionState(lab, stranger.credential)
    const accepted = told.reading.kind === 'granted'
    return { former, notice: { exchange: told.id, status: told.status, accepted }, sessions, bystander, withinMs }
  },

  judge({ former, notice, sessions, bystander, withinMs }): Judgement {
    if (former.account === null || notice === null || bystander === null)
      return inconclusive('The logins before the number was reissued did not all succeed.')
    if (!notice.accepted) return inconclusive(`The target did not accept the carrier's notice (status ${notice.status}).`)
    const alive = sessions.filter(({ state }) => state === 'alive')
    if (alive.length > 0)
      return fail(
        `${withinMs} ms after the carrier's notice the former owner of a reissued number was still logged in.`,
        'session-alive',
        'A credential obtained by the former owner still opens an account.',
        {
          exchanges: [notice.exchange, ...alive.map(({ exchange }) => exchange)],
          expected: `refused within ${withinMs} ms`,
          observed: `${alive.length} of ${sessions.length} sessions alive`,
        },
      )
    if (sessions.some(({ state }) => state === 'unclear'))
      return inconclusive('It could not be told whether the old sessions still live.')
    if (bystander.state !== 'alive')
      return inconclusive('The old sessions are dead, but so is a stranger’s: that was no answer to the notice.')
    return pass(
      `Both sessions of the former owner were cut within ${withinMs} ms of the carrier's notice; a stranger's lived on.`,
    )
  },
})
