import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, attemptOf, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  instances: number
  /** The login whose nonce is then used again. */
  first: Attempt
  replays: Attempt[]
  /** Honest logins one after the other: wherever the nonce was made, it must be good wherever it is used. */
  honest: Attempt[]
}

/** A balancer that asks its instances in turn misses none of so many; one that throws dice misses the other of two with 1 : 128. */
const REPLAYS = 8
const HONEST = 6

export default defineAttack<Observation>({
  meta: {
    id: 'rp-nonce-two-instances',
    family: 'replay',
    title: 'Nonce used once at each instance',
    about:
      'Logs in with a nonce at a backend of several instances, then sends it again, with fresh carrier tokens, often enough to meet every instance. A second session means that each instance keeps its own list of what was used.',
    severity: 'high',
    cwe: [362, 294],
    asvs: ['15.4.1', '6.5.1'],
    api2023: ['API2'],
    has: 'valid tokens of an own number',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['nonce-store=nonce-per-instance'],
    mayNotice: ['nonce-single-use=reusable', 'nonce-issued=format-only'],
  },

  async observe(lab) {
    const { instances = 1 } = lab.traits
    if (instances < 2) return { notApplicable: 'the target module declares no second instance (traits.instances)' }
    const tokens = await ownTokens(lab)
    const honest: Attempt[] = []
    for (let i = 0; i < HONEST; i++) honest.push((await honestLogin(lab, tokens)).attempt)
    const nonce = await lab.nonce()
    const exchange = await lab.oneTap(loginWith(await tokens.next(), nonce))
    const first = attemptOf('the login replayed', exchange, await lab.possess(exchange))
    if (first.account === null) return { instances, first, replays: [], honest }
    const open: OpenAttempt[] = []
    const replay = (name: string): Promise<OpenAttempt> =>
      attemptLogin(lab, name, async () => {
        const issued = await tokens.next()
        return { input: loginWith(issued, nonce), watch: [issued.token] }
      })
    // Two at a time: one after the other, each with its questions in between, would always meet the same of two instances.
    for (let i = 0; i < REPLAYS; i += 2) open.push(...(await Promise.all([replay(`replay ${i + 1}`), replay(`replay ${i + 2}`)])))
    return { instances, first, replays: await withCalls(lab, open), honest }
  },

  judge({ instances, first, replays, honest }): Judgement {
    if (first.account === null) return inconclusive('The login to be replayed did not succeed.')
    const sorted = sortAttempts(replays, () => 0)
    const { gotIn, overspent } = sorted
    const second = gotIn.filter(({ session }) => session !== first.session)
    const expected = 'refused by every instance, before the carrier is asked'
    if (second.length > 0)
      return fail(
        `One of ${instances} instances took a nonce that another had taken before.`,
        'second-session',
        'The replay was given a session of its own that opens an account.',
        { ...evidenceOf(second), expected, observed: `${second.length} of ${replays.length} replays logged in` },
      )
    const called = [...overspent, ...gotIn.filter(({ calls }) => calls.length > 0)]
    if (called.length > 0)
      return fail(
        `One of ${instances} instances asked the carrier for a login whose nonce was used.`,
        'carrier-call',
        'The carrier journal shows calls with the fresh tokens of the replays.',
        { ...evidenceOf(called), expected, observed: `${called.length} of ${replays.length} replays reached the carrier` },
      )
    if (gotIn.length > 0)
      return inconclusive('The target repeated its earlier reply to a used nonce; whether to the same device only is not shown.')
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    const shut = honest.filter(({ account }) => account === null)
    if (shut.length > 0)
      return inconclusive(`No replay got in, but ${shut.length} of ${honest.length} honest logins did not either.`)
    return pass(
      `${count(replays.length, 'replay')} over ${instances} instances were refused; nonces of one were good at the other.`,
    )
  },
})

async function honestLogin(lab: Lab, tokens: Awaited<ReturnType<typeof ownTokens>>): Promise<OpenAttempt> {
  return attemptLogin(lab, 'honest login', async () => ({ input: loginWith(await tokens.next(), await lab.nonce()), watch: [] }))
}
