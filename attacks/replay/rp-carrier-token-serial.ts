import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, attemptOf, withCalls } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  first: Attempt
  /** The same carrier token with a nonce of its own. Null when the first login failed. */
  second: Attempt | null
  /** Another token of the same phone. */
  spare: Attempt | null
}

export default defineAttack<Observation>({
  meta: {
    id: 'rp-carrier-token-serial',
    family: 'replay',
    title: 'Carrier token spent twice',
    about:
      'Logs in twice with one carrier token, each time with a fresh nonce, while the carrier is lenient and would redeem it again, as some do. A second session means the backend keeps no record of its own of spent tokens; a second carrier call, that it looks too late.',
    severity: 'high',
    cwe: [294, 837],
    asvs: ['6.5.1', '10.4.2'],
    api2023: ['API10'],
    has: 'a recorded login, or a carrier token seen on its way',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-once=absent'],
    behaviour: { singleUse: 'lenient' },
  },

  async observe(lab) {
    const phone = await lab.handset()
    const issued = await phone.authorize()
    const watch = [issued.token]
    const exchange = await lab.oneTap(loginWith(issued, await lab.nonce()))
    const opened = { attempt: attemptOf('first', exchange, await lab.possess(exchange)), watch }
    if (opened.attempt.account === null) return { first: opened.attempt, second: null, spare: null }
    const [first = opened.attempt] = await withCalls(lab, [opened])

    const replay = await attemptLogin(lab, 'same token', async () => ({ input: loginWith(issued, await lab.nonce()), watch }))
    const [second = replay.attempt] = await withCalls(lab, [replay])
    const spare = await attemptLogin(lab, 'another token', async () => ({
      input: loginWith(await phone.authorize(), await lab.nonce()),
      watch: [],
    }))
    return { first, second, spare: spare.attempt }
  },

  judge({ first, second, spare }): Judgement {
    if (first.account === null || second === null || spare === null)
      return inconclusive('The login to be replayed did not succeed.')
    // Both attempts carry the same token, so the first one's calls stand in the second's list as well.
    const replay = { ...second, calls: second.calls.filter(seq => !first.calls.includes(seq)) }
    const sorted = sortAttempts([replay], () => 0)
    if (replay.account !== null && replay.session !== first.session)
      return fail(
        'A spent carrier token logged in again.',
        'second-session',
        'The replay was given a session of its own that opens an account.',
        {
          ...evidenceOf([replay]),
          expected: 'refused before the carrier is asked',
          observed: 'a second session',
        },
      )
    if (replay.calls.length > 0)
      return fail(
        'A spent carrier token was taken to the carrier again.',
        'carrier-call',
        'The carrier journal shows a second call with the same token.',
        {
          ...evidenceOf([replay]),
          expected: 'no second carrier call',
          observed: `${replay.calls.length} more`,
        },
      )
    if (replay.account !== null)
      return inconclusive('The target repeated its earlier reply to a spent token; whether to the same device only is not shown.')
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (spare.account === null)
      return inconclusive('The replay was refused, but a fresh token of the same phone did not log in either.')
    return pass('A spent carrier token was refused without asking the carrier, which would have redeemed it again.')
  },
})
