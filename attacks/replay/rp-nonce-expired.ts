import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, withCalls } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  lifeMs: number
  /** A nonce used within its life. */
  inTime: Attempt
  late: Attempt
}

/** A run waits no longer for a nonce to end. */
const LONGEST_WAIT_MS = 10_000
const MARGIN_MS = 500

export default defineAttack<Observation>({
  meta: {
    id: 'rp-nonce-expired',
    family: 'replay',
    title: 'Nonce after its life',
    about:
      'Lets a nonce lie until the life that the target declares for it is over, then logs in with it. Success means that a login request nobody finished waits to be finished by whoever finds it.',
    severity: 'medium',
    cwe: [613],
    asvs: ['6.5.5'],
    api2023: ['API2'],
    has: 'an old nonce and a valid token of an own number',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-lifetime=nonce-no-ttl', 'nonce-issued=format-only'],
  },

  async observe(lab) {
    const lifeMs = lab.traits.nonceLifeMs
    if (lifeMs === undefined) return { notApplicable: 'the target module declares no life of nonces (traits.nonceLifeMs)' }
    if (lifeMs > LONGEST_WAIT_MS)
      return { notApplicable: `nonces live ${lifeMs} ms here, longer than an attack waits (${LONGEST_WAIT_MS} ms)` }
    const tokens = await ownTokens(lab)
    const kept = await lab.nonce()
    const inTime = await attemptLogin(lab, 'within its life', async () => ({
      input: loginWith(await tokens.next(), await lab.nonce()),
      watch: [],
    }))
    await lab.eventually(async () => false, lifeMs + MARGIN_MS)
    const issued = await tokens.next()
    const open = await attemptLogin(lab, 'past its life', async () => ({ input: loginWith(issued, kept), watch: [issued.token] }))
    const [late = open.attempt] = await withCalls(lab, [open])
    return { lifeMs, inTime: inTime.attempt, late }
  },

  judge({ lifeMs, inTime, late }): Judgement {
    const sorted = sortAttempts([late], () => 0)
    const age = `${lifeMs + MARGIN_MS} ms after it was fetched, ${MARGIN_MS} ms past its life`
    if (late.account !== null)
      return fail(`A nonce logged in ${age}.`, 'credential', 'The reply held a credential that opens an account.', {
        ...evidenceOf([late]),
        expected: 'refused before the carrier is asked',
        observed: 'logged in',
      })
    if (late.calls.length > 0)
      return fail(`A nonce ${age} still cost a carrier call.`, 'carrier-call', 'The carrier journal shows the call.', {
        ...evidenceOf([late]),
        expected: 'no carrier call',
        observed: `${late.calls.length} calls`,
      })
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (inTime.account === null) return inconclusive('The late nonce was refused, but so was one within its life.')
    return pass(`A nonce was refused ${age}, without a carrier call; one within its life logged in.`)
  },
})
