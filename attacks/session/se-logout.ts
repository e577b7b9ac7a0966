import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type SessionState, sessionState, signIn, waitForEnd } from '../kit/sign-in.ts'

type Observation = {
  /** Null when the logins before did not succeed. */
  loggedOut: { exchange: number; status: number; accepted: boolean } | null
  session: SessionState | null
  /** The refresh credential of the session that ended: refused, or what it was traded for. Null where there is none. */
  refreshed: SessionState | null
  /** The same user on a second device. */
  other: SessionState | null
}

export default defineAttack<Observation>({
  meta: {
    id: 'se-logout',
    family: 'session',
    title: 'Session used after logout',
    about:
      'Copies the credentials of a session, logs out, and goes on using them. Success means that logout only makes the app forget: whoever copied the credential stays in.',
    severity: 'high',
    cwe: [613],
    asvs: ['7.4.1'],
    api2023: ['API2'],
    has: "a copy of a session's credentials",
    needs: ['oneTap', 'me', 'logout'],
    notices: ['logout-revokes=logout-client-only'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const exchange = await lab.login(phone)
    const got = await lab.possess(exchange)
    const second = await signIn(lab, phone)
    if (got === undefined || second.credential === null) return { loggedOut: null, session: null, refreshed: null, other: null }
    const { id, status, reading } = await lab.logout({ credential: got.credential })
    const session = await waitForEnd(lab, got.credential, lab.limits.revocationWithinMs)
    const refreshCredential = exchange.reading.kind === 'granted' ? exchange.reading.refreshCredential : undefined
    let refreshed: SessionState | null = null
    if (refreshCredential !== undefined && lab.has('refresh')) {
      const traded = await lab.send('refresh', { refreshCredential })
      const fresh = traded.reading.kind === 'granted' ? traded.reading.credential : undefined
      refreshed = fresh === undefined ? { exchange: traded.id, state: 'dead', account: null } : await sessionState(lab, fresh)
    }
    const other = await sessionState(lab, second.credential)
    return { loggedOut: { exchange: id, status, accepted: reading.kind === 'granted' }, session, refreshed, other }
  },

  judge({ loggedOut, session, refreshed, other }): Judgement {
    if (loggedOut === null || session === null || other === null)
      return inconclusive('The logins this attack starts from did not both succeed.')
    if (!loggedOut.accepted) return inconclusive(`The target did not take the logout (status ${loggedOut.status}).`)
    const alive = [session, ...(refreshed === null ? [] : [refreshed])].filter(({ state }) => state === 'alive')
    if (alive.length > 0)
      return fail(
        session.state === 'alive'
          ? 'A session was still alive after logout.'
          : 'A refresh credential gave a new session after logout.',
        'session-alive',
        'A credential of the session that was logged out opens an account.',
        {
          exchanges: [loggedOut.exchange, ...alive.map(({ exchange }) => exchange)],
          expected: 'refused after logout',
          observed: 'still alive',
        },
      )
    if (session.state === 'unclear') return inconclusive('It could not be told whether the session still lives.')
    if (other.state !== 'alive') return inconclusive('The session is dead, but so is the same user’s on another device.')
    return pass('After logout the session and its refresh credential were refused; the same user’s other session lived on.')
  },
})
