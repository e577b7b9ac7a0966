import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { lookalike, oneCharacterOff } from '../kit/lookalike.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = { attempts: Attempt[] }

const PHONES = 3

export default defineAttack<Observation>({
  meta: {
    id: 'ft-carrier-random',
    family: 'forged-token',
    title: 'Invented carrier token',
    about:
      "Posts tokens no carrier ever issued, with an honest nonce and the shape of the carrier's own. Success means the backend does not heed what the carrier says; more than one carrier call per login means forgeries cost more than logins.",
    severity: 'critical',
    cwe: [345, 290],
    asvs: ['6.8.2', '2.2.1'],
    api2023: ['API2', 'API10'],
    has: 'network access to the public API; nonces are handed to anybody',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-verified=trust-any-token', 'carrier-routing=carrier-fanout'],
  },

  async observe(lab) {
    const open: OpenAttempt[] = []
    for (let phone = 0; phone < PHONES; phone++) open.push(...(await forgeries(lab)))
    return { attempts: await withCalls(lab, open) }
  },

  judge({ attempts }): Judgement {
    const sorted = sortAttempts(attempts, () => 1)
    const { gotIn, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `${count(gotIn.length, 'invented carrier token')} logged in (${names(gotIn)}).`,
        'credential',
        'The reply to an invented carrier token held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: 'logged in' },
      )
    if (overspent.length > 0)
      return fail(
        `An invented carrier token cost more than one carrier call (${names(overspent)}).`,
        'carrier-call',
        'The carrier journal shows several calls with one invented token.',
        { ...evidenceOf(overspent), expected: 'at most one carrier call', observed: `${overspent[0]?.calls.length ?? 0} calls` },
      )
    return (
      notPlainlyRefused(sorted) ??
      pass(`${count(attempts.length, 'invented carrier token')} were refused, each at the cost of one carrier call at most.`)
    )
  },
})

/** With an own phone for what is no secret (app id, carrier, China Telecom's second value) and invented tokens in place of its own. */
async function forgeries(lab: Lab): Promise<OpenAttempt[]> {
  const own = await lab.handset()
  const issued = await own.authorize()
  const stranger = await (await lab.handset(issued.carrier)).authorize()
  const invent: Record<string, () => string> = {
    'invented in the right shape': () => lookalike(lab.rng, issued.token),
    "a stranger's with one character changed": () => oneCharacterOff(lab.rng, stranger.token),
  }
  const open: OpenAttempt[] = []
  for (const [how, make] of Object.entries(invent)) {
    open.push(
      await attemptLogin(lab, `${issued.carrier}: ${how}`, async () => {
        const token = make()
        return { input: { ...loginWith(issued, await lab.nonce()), token }, watch: [token] }
      }),
    )
  }
  return open
}
