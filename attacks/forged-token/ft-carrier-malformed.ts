import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { Json } from '../../src/contract/json.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { count, evidenceOf, fail, inconclusive, names, notPlainlyRefused, pass, sortAttempts } from '../kit/judging.ts'
import { type Mutation, mutations } from '../kit/mutate.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  attempts: (Attempt & { hopeless: boolean })[]
  /** Tokens that only broken variants were sent of, logging in untouched afterwards. */
  untouched: Attempt[]
}

const CARRIER_TURNS = 3

export default defineAttack<Observation>({
  meta: {
    id: 'ft-carrier-malformed',
    family: 'forged-token',
    title: 'Structurally broken carrier token',
    about:
      'Breaks a genuine token in two dozen ways: wrong JSON type, cut, lengthened, case-folded, padded, encoded. Success means the backend repairs tokens before it checks them; a crash or a wasted carrier call means that it does not check them at all.',
    severity: 'medium',
    cwe: [20, 1289, 703],
    asvs: ['2.2.1', '16.5.4'],
    api2023: ['API8'],
    has: 'valid tokens of an own number',
    needs: ['oneTap', 'me'],
    notices: [
      'carrier-token-verified=lenient-token',
      'carrier-token-verified=trust-any-token',
      'error-boundary=absent',
      'carrier-routing=carrier-fanout',
      'carrier-request-written=string-carrier-request',
    ],
  },

  async observe(lab) {
    const attempts: Observation['attempts'] = []
    const untouched: Attempt[] = []
    for (let turn = 0; turn < CARRIER_TURNS; turn++) {
      const seen = await breakTokens(lab)
      attempts.push(...seen.attempts)
      untouched.push(...seen.untouched)
    }
    return { attempts, untouched }
  },

  judge({ attempts, untouched }): Judgement {
    const hopeless = new Set<Attempt>(attempts.filter(attempt => attempt.hopeless))
    const sorted = sortAttempts(attempts, attempt => (hopeless.has(attempt) ? 0 : 1))
    const { gotIn, crashed, overspent } = sorted
    if (gotIn.length > 0)
      return fail(
        `A token that no carrier issued in that form logged in (${names(gotIn)}).`,
        'credential',
        'The reply to a broken token held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused, byte for byte', observed: `${gotIn.length} of ${attempts.length} logged in` },
      )
    if (crashed.length > 0)
      return fail(
        `Malformed tokens broke the target (${names(crashed)}).`,
        'server-error',
        `Twice and more, a malformed token was answered with status ${crashed[0]?.status ?? 0}.`,
        { ...evidenceOf(crashed), expected: 'a 4xx refusal', observed: `status ${crashed[0]?.status ?? 0}` },
      )
    if (overspent.length > 0)
      return fail(
        `The carrier was asked about tokens that cannot be tokens (${names(overspent)}).`,
        'carrier-call',
        'The carrier journal shows calls for tokens of the wrong type, length or alphabet.',
        { ...evidenceOf(overspent), expected: 'no carrier call', observed: `${overspent.length} of them reached the carrier` },
      )
    const doubt = notPlainlyRefused(sorted)
    if (doubt !== undefined) return doubt
    if (untouched.some(({ account }) => account === null))
      return inconclusive('All broken tokens were refused, but an untouched one did not log in afterwards either.')
    return pass(
      `${count(attempts.length, 'broken token')} were refused without a crash or a wasted carrier call; untouched ones then logged in.`,
    )
  },
})

/** Every mutation with a token of its own, so that one accepted mutation cannot spend another's token. */
async function breakTokens(lab: Lab): Promise<Observation> {
  const tokens = await ownTokens(lab)
  const sample = mutations((await tokens.next()).token, lab.rng.fork('names'))
  const open: OpenAttempt[] = []
  const hopeless: boolean[] = []
  let last = await tokens.next()
  for (const [position, { name, hopeless: isHopeless }] of sample.entries()) {
    hopeless.push(isHopeless)
    open.push(
      await attemptLogin(lab, name, async () => {
        last = await tokens.next()
        const broken = mutationOf(last.token, lab, position, name)
        return {
          input: { ...loginWith(last, await lab.nonce()), token: broken.token },
          watch: [last.token, ...asText(broken.token)],
        }
      }),
    )
  }
  const honest = await attemptLogin(lab, 'untouched', async () => ({ input: loginWith(last, await lab.nonce()), watch: [] }))
  const attempts = (await withCalls(lab, open)).map((attempt, position) => ({
    ...attempt,
    hopeless: hopeless[position] ?? false,
  }))
  return { attempts, untouched: [honest.attempt] }
}

function mutationOf(token: string, lab: Lab, position: number, name: string): Mutation {
  const all = mutations(token, lab.rng.fork(`mutation ${position}`))
  const found = all.find(mutation => mutation.name === name)
  return found ?? { name, token: `${token}0`, hopeless: false }
}

/** Texts under which a careless backend would hand a value of the wrong type to the carrier. */
function asText(value: Json | undefined): string[] {
  if (value === undefined || value === '') return []
  return typeof value === 'string' ? [value] : [String(value), JSON.stringify(value)].filter(text => text !== '')
}
