import { defineAttack, type Exchange, type Judgement } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, withCalls } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  /** Declared for one address and minute; null where none is declared that a run can reach. */
  limit: number | null
  asked: number
  given: number
  lastExchanges: number[]
  /** How the used nonce was used up. */
  first: Attempt
  /** Nonces from before: one unused, one used. */
  unused: Attempt
  used: Attempt
}

/** Twice the limit, for a window may end in between, and some. */
const LARGEST_LIMIT = 1_500
const BEYOND = 200
const WITHOUT_LIMIT = 2_000
const AT_ONCE = 25

export default defineAttack<Observation>({
  meta: {
    id: 'do-nonce-store',
    family: 'availability',
    title: 'Nonces fetched until something gives way',
    about:
      'Fetches nonces by the thousand from one address. More than the target declares to give, an honest nonce that is gone afterwards, or a used one that is good again, mean that whoever asks often enough fills the store or washes it out.',
    severity: 'high',
    cwe: [770],
    asvs: ['2.4.1'],
    api2023: ['API4'],
    has: 'one address; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-issue-bounded=nonce-store-unbounded'],
    mayNotice: ['nonce-single-use=reusable', 'nonce-issued=format-only', 'nonce-store=nonce-per-instance'],
    alone: true,
  },

  async observe(lab) {
    const from = await lab.elsewhere()
    if (from === undefined) return { notApplicable: 'this machine has one address only, and the flood would shut it out' }
    const declared = lab.traits.noncesPerMinute
    const limit = declared !== undefined && declared <= LARGEST_LIMIT ? declared : null
    const tokens = await ownTokens(lab)
    const kept = await lab.nonce()
    const spent = await lab.nonce()
    const first = await attemptLogin(lab, 'first use', async () => ({ input: loginWith(await tokens.next(), spent), watch: [] }))

    const wanted = limit === null ? WITHOUT_LIMIT : 2 * limit + BEYOND
    const exchanges: Exchange[] = []
    while (exchanges.length < wanted) {
      const wave = Array.from({ length: AT_ONCE }, () => lab.send('nonce', {}, request => ({ ...request, from })))
      exchanges.push(...(await Promise.all(wave)))
    }
    const again = await attemptLogin(lab, 'used before the flood', async () => {
      const issued = await tokens.next()
      return { input: loginWith(issued, spent), watch: [issued.token] }
    })
    const unused = await attemptLogin(lab, 'unused before the flood', async () => ({
      input: loginWith(await tokens.next(), kept),
      watch: [],
    }))
    const [used = again.attempt] = await withCalls(lab, [again])
    return {
      limit,
      asked: exchanges.length,
      given: exchanges.filter(({ reading }) => reading.kind === 'granted').length,
      lastExchanges: exchanges.slice(-AT_ONCE).map(({ id }) => id),
      first: first.attempt,
      unused: unused.attempt,
      used,
    }
  },

  judge({ limit, asked, given, lastExchanges, first, unused, used }): Judgement {
    if (first.account === null) return inconclusive('The nonce that was to be used up did not log in.')
    // The same session and no carrier call: an earlier reply told again, and the nonce was not taken for new.
    if (used.account !== null && used.session === first.session && used.calls.length === 0)
      return inconclusive('The target repeated its earlier reply to a used nonce, so whether it was forgotten is not shown.')
    if (used.account !== null || used.calls.length > 0)
      return fail(
        `After ${asked} fetched nonces a used one was good again.`,
        used.account === null ? 'carrier-call' : 'credential',
        'The login with the used nonce went on to the carrier.',
        { ...evidenceOf([used]), expected: 'refused before the carrier is asked', observed: 'taken for new' },
      )
    if (limit !== null && given > 2 * limit)
      return fail(
        `One address was given ${given} of ${asked} nonces.`,
        'side-effect',
        `Each of these replies holds a nonce; the target declares to give one address ${limit} in a minute.`,
        { exchanges: lastExchanges, expected: `at most ${2 * limit} over two minutes`, observed: `${given}` },
      )
    const doubt = notPlainlyRefused(sortAttempts([used], () => 0))
    if (doubt !== undefined) return doubt
    if (unused.account === null)
      return inconclusive(
        'An honest nonce from before the flood was not good after it; its life may have ended, or it was washed out.',
      )
    const bound = limit === null ? 'no bound is declared that a run can reach' : `${given} were given`
    return pass(
      `${asked} nonces were asked for by one address (${bound}); one from before was still good, and a used one was not.`,
    )
  },
})
