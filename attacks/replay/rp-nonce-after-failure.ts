import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, isUnclear, pass } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  /** Logins with invented tokens, all with one nonce, in the order they were sent. */
  forged: Attempt[]
  /** A genuine token with the same nonce, after them. */
  genuine: Attempt
  /** A genuine token with a new nonce: how an honest user tries again. */
  retry: Attempt
}

const FORGERIES = 6

export default defineAttack<Observation>({
  meta: {
    id: 'rp-nonce-after-failure',
    family: 'replay',
    title: 'Nonce that survives a failed login',
    about:
      'Sends one invented carrier token after another, all with the same nonce. More than one carrier call means that one nonce buys any number of calls, each of which may be charged.',
    severity: 'medium',
    cwe: [837, 799, 405],
    asvs: ['2.4.1'],
    api2023: ['API4', 'API6'],
    has: 'one nonce, and invented tokens',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-burned-first=nonce-survives-failure', 'nonce-single-use=reusable', 'nonce-issued=format-only'],
    // Only when a later try meets the other instance, which is for the balancer to decide.
    mayNotice: ['nonce-store=nonce-per-instance'],
  },

  async observe(lab) {
    const tokens = await ownTokens(lab)
    const nonce = await lab.nonce()
    const open: OpenAttempt[] = []
    for (let i = 0; i < FORGERIES; i++) {
      const issued = await tokens.next()
      const token = lookalike(lab.rng, issued.token)
      open.push(
        await attemptLogin(lab, `forgery ${i + 1}`, async () => ({
          input: { ...loginWith(issued, nonce), token },
          watch: [token],
        })),
      )
    }
    const last = await tokens.next()
    open.push(await attemptLogin(lab, 'genuine token', async () => ({ input: loginWith(last, nonce), watch: [last.token] })))
    const attempts = await withCalls(lab, open)
    const retry = await attemptLogin(lab, 'new nonce', async () => ({
      input: loginWith(await tokens.next(), await lab.nonce()),
      watch: [],
    }))
    const genuine = attempts.at(-1) ?? retry.attempt
    return { forged: attempts.slice(0, -1), genuine, retry: retry.attempt }
  },

  judge({ forged, genuine, retry }): Judgement {
    const [first, ...later] = forged
    if (first === undefined || first.account !== null)
      return inconclusive('An invented token logged in, so what a failed login leaves of its nonce is not shown.')
    if (genuine.account !== null)
      return fail(
        'A nonce still logged in after a login with it had failed.',
        'credential',
        'The reply held a working credential.',
        {
          ...evidenceOf([genuine]),
          expected: 'a nonce is good for one attempt',
          observed: `it was good after ${forged.length}`,
        },
      )
    const again = [...later, genuine].filter(({ calls }) => calls.length > 0)
    if (again.length > 0)
      return fail(
        `One nonce bought ${again.length + 1} carrier calls, one for each failed login.`,
        'carrier-call',
        'The carrier journal shows calls for several tokens that came with one nonce.',
        { ...evidenceOf(again), expected: 'one carrier call at most', observed: `${again.length + 1} calls` },
      )
    if ([...forged, genuine].some(isUnclear)) return inconclusive('Some of the logins with a used nonce got no clear answer.')
    if (retry.account === null) return inconclusive('All were refused, but so was a login with a new nonce.')
    return pass(`After one failed login its nonce bought nothing in ${later.length + 1} more; a new nonce logged in at once.`)
  },
})
