import { defineAttack, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { codeFor, firstPassword, newPassword, plainly, type Step, stepOf } from '../kit/account.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { enter, type SessionState, sessionState, signIn, waitForEnd } from '../kit/sign-in.ts'

type Cut = {
  how: 'change' | 'reset'
  step: Step
  /** The thief's session, and what the thief's refresh credential was traded for; null where there is none. */
  session: SessionState
  refreshed: SessionState | null
}
type Observation = { account: string | null; cuts: Cut[]; bystander: SessionState | null; withinMs: number }

export default defineAttack<Observation>({
  meta: {
    id: 'at-stale-session',
    family: 'account-takeover',
    title: 'Stolen session after the password was changed',
    about:
      'A thief holds a session and its refresh credential. The owner changes the password, later resets it, which is what people do when somebody else is in. Success means that the thief stays in all the same.',
    severity: 'high',
    cwe: [613],
    asvs: ['7.4.1', '7.4.2', '7.4.3'],
    api2023: ['API2'],
    has: "a copy of one of the victim's sessions",
    needs: ['oneTap', 'me', 'passwordChange'],
    notices: ['credential-change-cuts=reset-keeps-sessions'],
  },

  async observe(lab) {
    const { revocationWithinMs: withinMs } = lab.limits
    const phone = await lab.handset()
    const owner = await signIn(lab, phone)
    const stranger = await signIn(lab, await lab.handset())
    const nothing: Observation = { account: owner.account, cuts: [], bystander: null, withinMs }
    const { credential } = owner
    if (credential === null || stranger.credential === null) return { ...nothing, account: null }
    const cuts: Cut[] = []

    const original = newPassword(lab)
    await firstPassword(lab, phone, credential, original)
    const change = await steal(lab, phone)
    const changed = await plainly(lab, () =>
      lab.send('passwordChange', { credential, newPassword: newPassword(lab), oldPassword: original }),
    )
    cuts.push(await change('change', stepOf(changed)))

    if (lab.has('smsSend') && lab.has('passwordReset')) {
      const { code } = await codeFor(lab, phone.sim.msisdn, 'reset')
      if (code !== undefined) {
        const reset = await steal(lab, phone)
        const input = { number: phone.sim.msisdn, code, newPassword: newPassword(lab) }
        cuts.push(await reset('reset', stepOf(await lab.send('passwordReset', input))))
      }
    }
    return { ...nothing, cuts, bystander: await sessionState(lab, stranger.credential) }
  },

  judge({ account, cuts, bystander, withinMs }): Judgement {
    if (account === null || bystander === null) return inconclusive('The logins this attack starts from did not all succeed.')
    const done = cuts.filter(({ step }) => step.reading === 'granted')
    const alive = done.flatMap(({ how, session, refreshed }) =>
      [session, refreshed].flatMap(one => (one?.state === 'alive' ? [{ how, exchange: one.exchange }] : [])),
    )
    const [found] = alive
    if (found !== undefined)
      return fail(
        `A thief's session was still alive ${withinMs} ms after the owner's password ${found.how}.`,
        'session-alive',
        'A credential from before the password was replaced opens the account.',
        {
          exchanges: alive.map(({ exchange }) => exchange),
          expected: 'every other session ends with the password',
          observed: `${alive.length} credentials still alive`,
        },
      )
    if (done.length === 0) return inconclusive(`The password could not be replaced (status ${cuts[0]?.step.status ?? 0}).`)
    if (done.some(({ session }) => session.state === 'unclear'))
      return inconclusive('It could not be told whether the stolen session still lives.')
    if (bystander.state !== 'alive') return inconclusive('The stolen sessions are dead, but so is a stranger’s.')
    return pass(
      `Stolen sessions were dead after the password's ${done.map(({ how }) => how).join(' and ')}; a stranger's lived on.`,
    )
  },
})

/** A second session of the phone's account, and how to look at it once the password was replaced. */
async function steal(lab: Lab, phone: Handset): Promise<(how: Cut['how'], step: Step) => Promise<Cut>> {
  let refreshCredential: string | undefined
  const thief = await enter(lab, async () => {
    const exchange = await lab.login(phone)
    refreshCredential = exchange.reading.kind === 'granted' ? exchange.reading.refreshCredential : undefined
    return exchange
  })
  return async (how, step) => {
    const session: SessionState =
      thief.credential === null
        ? { exchange: thief.exchange, state: 'unclear', account: null }
        : await waitForEnd(lab, thief.credential, lab.limits.revocationWithinMs)
    return { how, step, session, refreshed: await traded(lab, refreshCredential) }
  }
}

/** What a refresh credential still gives. */
async function traded(lab: Lab, refreshCredential: string | undefined): Promise<SessionState | null> {
  if (refreshCredential === undefined || !lab.has('refresh')) return null
  const { id, reading } = await lab.send('refresh', { refreshCredential })
  if (reading.kind !== 'granted' || reading.credential === undefined) return { exchange: id, state: 'dead', account: null }
  return sessionState(lab, reading.credential)
}
