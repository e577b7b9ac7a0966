import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Attempt, attemptLogin, type OpenAttempt, withCalls } from '../kit/attempt.ts'
import { evidenceOf, fail, inconclusive, pass } from '../kit/judging.ts'
import { nextValues } from '../kit/predict.ts'
import { examineRandomness } from '../kit/randomness.ts'
import { SHORT_COUNT, seedBehind } from '../kit/seeds.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Observation = {
  collected: number
  /** Exchanges that handed out a value which another had handed out before. */
  repeated: number[]
  /** Shortest of the nonces, characters. */
  shortest: number
  structure: string | null
  /** What tests of randomness found beside it. */
  suspicions: string[]
  /** Logins with values that were foretold and then handed to somebody else. */
  attempts: Attempt[]
}

const SAMPLES = 200
/** Of an alphabet of 64: the 64 bits that ASVS 6.7.2 asks of a challenge. */
const SHORTEST_CHARACTERS = 11

export default defineAttack<Observation>({
  meta: {
    id: 'rp-nonce-predict',
    family: 'replay',
    title: "Somebody else's nonce, foretold",
    about:
      'Collects nonces, looks for the rule behind them and logs in with the values that come next, once a stranger was given them. Success means that nonces prove nothing: they can be computed without asking.',
    severity: 'high',
    cwe: [330, 338, 340],
    asvs: ['11.5.1', '6.7.2'],
    api2023: ['API2'],
    has: 'valid tokens of an own number; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['random-values=nonce-predictable'],
  },

  async observe(lab) {
    const nonces: string[] = []
    let issuedAtS: number | undefined
    const repeated: number[] = []
    for (let i = 0; i < SAMPLES; i++) {
      const exchange = await lab.send('nonce', {})
      const { id, reading } = exchange
      const nonce = reading.kind === 'granted' ? reading.nonce : undefined
      if (nonce === undefined) continue
      if (nonces.includes(nonce)) repeated.push(id)
      nonces.push(nonce)
      issuedAtS = dateOf(lab.textOf(exchange)) ?? issuedAtS
    }
    const last = nonces.at(-1)
    const foretold = nextValues(nonces.slice(-32)) ?? (last === undefined ? undefined : seedBehind(last, SHORT_COUNT, issuedAtS))
    const attempts = foretold === undefined ? [] : await useForetold(lab, foretold.candidates)
    return {
      collected: nonces.length,
      repeated,
      shortest: Math.min(...nonces.map(nonce => nonce.length)),
      structure: foretold?.structure ?? null,
      suspicions: examineRandomness(nonces).structures,
      attempts,
    }
  },

  judge({ collected, repeated, shortest, structure, suspicions, attempts }): Judgement {
    const gotIn = attempts.filter(({ account }) => account !== null)
    if (gotIn.length > 0)
      return fail(
        `A nonce handed to somebody else was foretold and logged in: nonces are ${structure ?? 'no secret'}.`,
        'credential',
        'The reply held a credential that opens an account; the nonce was computed, not fetched.',
        { ...evidenceOf(gotIn), expected: 'no rule behind nonces', observed: structure ?? '' },
      )
    if (repeated.length > 0)
      return fail(
        `Of ${collected} nonces ${repeated.length} had been handed out before.`,
        'disclosure',
        'The same nonce was handed out twice.',
        { exchanges: repeated, expected: 'each once', observed: `${repeated.length} twice` },
      )
    if (collected * 2 < SAMPLES) return inconclusive(`The target gave only ${collected} of ${SAMPLES} nonces.`)
    if (structure !== null) return inconclusive(`Nonces are ${structure}, but none that was foretold logged in.`)
    if (suspicions.length > 0)
      return inconclusive(`Nonces do not look random (${suspicions.join('; ')}), but none could be foretold.`)
    if (shortest < SHORTEST_CHARACTERS)
      return inconclusive(`Nonces of ${shortest} characters are too short to be out of reach of guessing.`)
    return pass(
      `No structure was found with ${collected} nonces, all different and at least ${shortest} characters long; no digest of a count or of the time.`,
    )
  },
})

/** A stranger fetches nonces, which we do not look at; then ours are tried, newest guess last. */
async function useForetold(lab: Lab, candidates: readonly string[]): Promise<Attempt[]> {
  for (const _ of candidates) await lab.nonce()
  const tokens = await ownTokens(lab)
  const open: OpenAttempt[] = []
  for (const nonce of candidates) {
    const issued = await tokens.next()
    open.push(await attemptLogin(lab, 'foretold', async () => ({ input: loginWith(issued, nonce), watch: [issued.token] })))
  }
  return withCalls(lab, open)
}

/** When the target says it answered, epoch seconds. */
function dateOf(text: string): number | undefined {
  const said = Date.parse(/^Date: (.+)$/m.exec(text)?.[1] ?? '')
  return Number.isNaN(said) ? undefined : Math.floor(said / 1000)
}
