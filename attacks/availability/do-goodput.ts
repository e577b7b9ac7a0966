import { defineAttack, type Judgement, type Lab, type Tamper } from '../../src/contract/attack.ts'
import { type Burst, burst, judgeBurst, reachableBudget } from '../kit/carrier-budget.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { duringOutage } from '../kit/outage.ts'
import { enter, signIn } from '../kit/sign-in.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

/** Honest logins while each came with so many forged ones. */
type Stage = { forgedForOne: number; honest: number; gotIn: number; slowestMs: number; exchanges: number[] }
/** Logins while one carrier failed every call. */
type Failing = {
  limit: number
  sent: number
  calls: number[]
  overMs: number
  leftAlone: boolean
  exchanges: number[]
  recovered: boolean
}
type Observation = { stages: Stage[]; recovered: boolean; flood: Burst | null; failing: Failing | null }

const SHARES = [0, 1, 5, 20]
const WAVES = 4
const HONEST_AT_ONCE = 2
const WAVE_MS = 120
const MOST_FORGED = 20
const AT_ONCE = 10
/** A breaker that looks at the share of failures must see more of them when all went well just before. */
const FAR_OFTENER = 5
const LARGEST_LIMIT = 100
/** On average between two calls: fifty failures within ten seconds. */
const SLOWEST_MS = 200

export default defineAttack<Observation>({
  meta: {
    id: 'do-goodput',
    family: 'availability',
    title: 'Honest logins during a flood of forged ones',
    about:
      'Logs in honestly while each login comes with one, five and twenty forged ones from elsewhere; then sends more logins at once than the target declares to ask carriers for, and goes on while a carrier fails. Honest users shut out, or carriers asked without end, mean that a flood is paid for by everybody.',
    severity: 'high',
    cwe: [400],
    asvs: ['15.2.2', '16.5.2'],
    api2023: ['API4'],
    has: 'a few addresses; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['carrier-calls=no-carrier-budget', 'carrier-calls=no-bulkhead'],
    alone: true,
  },

  async observe(lab) {
    const failing = await whileFailing(lab)
    const stages: Stage[] = []
    for (const share of SHARES) stages.push(await stage(lab, share))
    const recovered = await lab.eventually(async () => (await signIn(lab, await lab.handset())).account !== null, 10_000)
    const budget = reachableBudget(lab)
    return { stages, recovered, failing, flood: budget === undefined ? null : await flood(lab, budget) }
  },

  judge({ stages, recovered, flood: sent, failing }): Judgement {
    const [alone, ...flooded] = stages
    if (alone === undefined || alone.gotIn < alone.honest)
      return inconclusive('Honest logins did not all succeed without a flood.')
    const shut = flooded.find(({ gotIn, honest }) => gotIn * 2 <= honest)
    if (shut !== undefined)
      return fail(
        `With ${shut.forgedForOne} forged logins for each honest one, ${shut.honest - shut.gotIn} of ${shut.honest} honest users were shut out.`,
        'lock-out',
        'The same logins all succeeded without the flood; each was tried three times.',
        {
          exchanges: shut.exchanges,
          expected: `${shut.honest} of ${shut.honest} log in`,
          observed: `${shut.gotIn} of ${shut.honest}`,
        },
      )
    // A breaker looks back for some seconds: failures that came too slowly are not counted together.
    const together = failing !== null && failing.calls.length * SLOWEST_MS >= failing.overMs
    if (failing !== null && !failing.leftAlone && together)
      return fail(
        `A carrier that failed every call was asked ${failing.calls.length} times for ${failing.sent} logins.`,
        'carrier-call',
        `The carrier journal shows the calls; the target declares to stop asking after ${failing.limit} failures.`,
        {
          exchanges: failing.exchanges.slice(-10),
          journal: failing.calls.slice(-10),
          expected: `about ${failing.limit} calls`,
          observed: `${failing.calls.length}`,
        },
      )
    const over = sent === null ? undefined : judgeBurst(sent, 'forged logins')
    if (over !== undefined) return over
    if (failing !== null && !failing.leftAlone)
      return inconclusive('Calls to a failing carrier came too slowly to show whether the target stops asking.')
    const lost = flooded.reduce((sum, { honest, gotIn }) => sum + honest - gotIn, 0)
    if (lost > 0)
      return inconclusive(`${lost} honest logins failed during the flood: too few to hold against it, too many to overlook.`)
    if (!recovered || failing?.recovered === false)
      return inconclusive('No honest login succeeded within ten seconds after the flood.')
    const slowest = stages.map(({ forgedForOne, slowestMs }) => `${forgedForOne}: ${slowestMs} ms`).join(', ')
    return pass(
      `Every honest login went through (slowest by forged ones for each, ${slowest})${failing === null ? '' : '; a failing carrier was left alone'}${sent === null ? '' : '; the budget of carrier calls held'}.`,
    )
  },
})

async function stage(lab: Lab, forgedForOne: number): Promise<Stage> {
  const from = await lab.elsewhere()
  const tamper: Tamper = request => (from === undefined ? request : { ...request, from })
  const genuine = await (await lab.handset()).authorize()
  const budget = lab.traits.carrierCallsPerSecond ?? Number.POSITIVE_INFINITY
  const forgedAtOnce = Math.min(HONEST_AT_ONCE * forgedForOne, MOST_FORGED, Math.floor(budget / 10))
  const result: Stage = { forgedForOne, honest: 0, gotIn: 0, slowestMs: 0, exchanges: [] }
  for (let wave = 0; wave < WAVES; wave++) {
    const phones = [await lab.handset(), await lab.handset()]
    const forged = Array.from({ length: forgedAtOnce }, async () => {
      const input = { ...loginWith(genuine, await lab.nonce()), token: lookalike(lab.rng, genuine.token) }
      return lab.send('oneTap', input, tamper)
    })
    const honest = phones.map(async phone => {
      const { exchange, account } = await enter(lab, async () => {
        const login = await lab.login(phone)
        if (login.reading.kind === 'granted') result.slowestMs = Math.max(result.slowestMs, Math.round(login.durationMs))
        return login
      })
      result.honest++
      if (account !== null) result.gotIn++
      result.exchanges.push(exchange)
    })
    await Promise.all([...honest, ...forged])
    await lab.eventually(async () => false, WAVE_MS)
  }
  return result
}

async function flood(lab: Lab, perSecond: number): Promise<Burst> {
  const addresses = [await lab.elsewhere(), await lab.elsewhere(), await lab.elsewhere(), await lab.elsewhere()]
  const genuine = await (await lab.handset()).authorize()
  let turn = 0
  return burst(lab, perSecond, async () => {
    const token = lookalike(lab.rng, genuine.token)
    const from = addresses[turn++ % addresses.length]
    const tamper: Tamper = request => (from === undefined ? request : { ...request, from })
    return { input: { ...loginWith(genuine, await lab.nonce()), token }, watch: token, tamper }
  })
}

/** Goes on until the carrier is left alone, or was asked far oftener than the target declares. */
async function whileFailing(lab: Lab): Promise<Failing | null> {
  const limit = lab.traits.carrierFailuresUntilShed
  const carrier = carriersOf(lab).at(-1)
  if (limit === undefined || limit > LARGEST_LIMIT || carrier === undefined) return null
  const tokens = await ownTokens(lab, carrier)
  const fault = { id: 'error-rate', share: 1, providers: [carrier], answer: 'http', status: 503 } as const
  const failing: Failing = { limit, sent: 0, calls: [], overMs: 0, leftAlone: false, exchanges: [], recovered: false }
  const arrivals: number[] = []
  await duringOutage(lab, { faults: [fault] }, async () => {
    while (!failing.leftAlone && failing.sent < limit * FAR_OFTENER) {
      const issued = []
      for (let i = 0; i < AT_ONCE; i++) issued.push(await tokens.next())
      const wave = await Promise.all(issued.map(async token => lab.oneTap(loginWith(token, await lab.nonce()))))
      const rows = await lab.carrierCalls(issued.map(({ token }) => token))
      failing.sent += wave.length
      failing.exchanges.push(...wave.map(({ id }) => id))
      failing.calls.push(...rows.map(({ seq }) => seq))
      arrivals.push(...rows.map(({ arrivedAtMs }) => arrivedAtMs))
      failing.leftAlone = rows.length * 2 <= wave.length
    }
  })
  failing.overMs = arrivals.length === 0 ? 0 : Math.round(Math.max(...arrivals) - Math.min(...arrivals))
  // The carrier itself, not another: it must be asked again once it is back.
  failing.recovered = await lab.eventually(async () => (await signIn(lab, await lab.handset(carrier))).account !== null, 10_000)
  return failing
}
