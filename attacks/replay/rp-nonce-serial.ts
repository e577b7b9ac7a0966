import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, attemptOf, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  first: Attempt
  replays: Attempt[]
  /** A replay's token, unspent, with a new nonce. Null when the first login failed. */
  spare: Attempt | null
}

export default defineAttack<Observation>({
  meta: {
    id: 'rp-nonce-serial',
    family: 'replay',
    title: 'Nonce used twice, one after the other',
    about:
      'Logs in with a nonce, then again with the same nonce and a fresh carrier token, before and after logout. A second session means nonces are not consumed; a carrier call for the fresh token means they are checked too late to save its cost.',
    severity: 'high',
    cwe: [294, 837],
    asvs: ['6.5.1', '6.6.2', '2.3.1'],
    api2023: ['API2', 'API6'],
    has: 'a recorded login of an own number',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-single-use=reusable', 'nonce-issued=format-only'],
    // Only when a replay happens to reach another instance than the login did.
    mayNotice: ['nonce-store=nonce-per-instance'],
  },

  async observe(lab) {
    const tokens = await ownTokens(lab)
    const nonce = await lab.nonce()
    const genuine = await tokens.next()
    const exchange = await lab.oneTap(loginWith(genuine, nonce))
    const possession = await lab.possess(exchange)
    const first = attemptOf('the login replayed', exchange, possession)
    if (possession === undefined) return { first, replays: [], spare: null }

    let last = genuine
    const replay = (name: string): Promise<OpenAttempt> =>
      attemptLogin(lab, name, async () => {
        last = await tokens.next()
        return { input: loginWith(last, nonce), watch: [last.token] }
      })
    const open = [await replay('at once'), await replay('once more')]
    if (lab.has('logout')) {
      await lab.logout({ credential: possession.credential })
      open.push(await replay('after logout'))
    }
    const replays = await withCalls(lab, open)
    const spare = await attemptLogin(lab, 'new nonce', async () => ({ input: loginWith(last, await lab.nonce()), watch: [] }))
    return { first, replays, spare: spare.attempt }
  },

  judge({ first, replays, spare }): Judgement {
    if (first.account === null || spare === null) return inconclusive('The login to be replayed did not succeed.')
    const sorted = sortAttempts(replays, () => 0)
    const { gotIn, overspent } = sorted
    const second = gotIn.filter(({ session }) => session !== first.session)
    if (second.length > 0)
      return fail(
        `A used nonce logged in again (${names(second)}).`,
        'second-session',
        'The replay was given a session of its own that opens an account.',
        {
          ...evidenceOf(second),
          expected: 'refused before the carrier is asked',
          observed: `${second.length} of ${replays.length} replays logged in`,
        },
      )
    const called = [...overspent, ...gotIn.filter(({ calls }) => calls.length > 0)]
    if (called.length > 0)
      return fail(
        `A login with a used nonce still cost a carrier call (${names(called)}).`,
        'carrier-call',
        'The carrier journal shows calls with the fresh tokens of the replays.',
        {
          ...evidenceOf(called),
          expected: 'no carrier call',
          observed: `${called.length} of ${replays.length} replays reached the carrier`,
        },
      )
    // Same reply, same session, no carrier call: an idempotent reply. Harmless to the same device, and we cannot tell devices apart.
    if (gotIn.length > 0)
      return inconclusive('The target repeated its earlier reply to a used nonce; whether to the same device only is not shown.')
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (spare.account === null)
      return inconclusive('All replays were refused, but the unspent token did not log in with a new nonce either.')
    return pass(
      `${count(replays.length, 'replay')} of a used nonce were refused without a carrier call; the unspent token then logged in with a new one.`,
    )
  },
})
