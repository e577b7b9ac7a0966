import type { Judgement, Lab, Tamper } from '../../src/contract/attack.ts'
import type { OneTapInput } from '../../src/contract/target.ts'
import { fail, inconclusive } from './judging.ts'
import { signIn } from './sign-in.ts'

/** Logins sent all at once, and what the carriers were asked for them. */
export type Burst = {
  perSecond: number
  sent: number
  /** Journal rows. */
  calls: number[]
  /** Between the first call and the last, milliseconds. */
  overMs: number
  lastExchanges: number[]
}

/** More than a run may fairly send at once. */
const LARGEST_PER_SECOND = 150
/** So many times what a second allows, so that it shows even when sending takes a few. */
const TIMES = 5
const RECOVER_MS = 5_000

/** Undefined where the target declares no budget, or one that a run cannot reach. */
export function reachableBudget(lab: Lab): number | undefined {
  const { carrierCallsPerSecond } = lab.traits
  return carrierCallsPerSecond !== undefined && carrierCallsPerSecond <= LARGEST_PER_SECOND ? carrierCallsPerSecond : undefined
}

/** Prepares logins, then sends them all at once. `craft` may not be called at the same time twice. */
export async function burst(
  lab: Lab,
  perSecond: number,
  craft: () => Promise<{ input: OneTapInput; watch: string; tamper?: Tamper }>,
): Promise<Burst> {
  const logins = []
  while (logins.length < perSecond * TIMES) logins.push(await craft())
  const exchanges = await Promise.all(logins.map(({ input, tamper }) => lab.send('oneTap', input, tamper)))
  const rows = await lab.carrierCalls(logins.map(({ watch }) => watch))
  // What is left of a spent second is nobody's: whoever comes next waits for another.
  await lab.eventually(async () => (await signIn(lab, await lab.handset())).account !== null, RECOVER_MS)
  const arrivals = rows.map(({ arrivedAtMs }) => arrivedAtMs)
  return {
    perSecond,
    sent: logins.length,
    calls: rows.map(({ seq }) => seq),
    overMs: rows.length === 0 ? 0 : Math.round(Math.max(...arrivals) - Math.min(...arrivals)),
    lastExchanges: exchanges.slice(-10).map(({ id }) => id),
  }
}

/** Undefined where the budget held. `what`: the logins, in the plural. */
export function judgeBurst({ perSecond, sent, calls, overMs, lastExchanges }: Burst, what: string): Judgement | undefined {
  // A budget counts by the clock's seconds: so many of them can have been touched.
  const most = perSecond * (Math.floor(overMs / 1000) + 2)
  if (calls.length > most)
    return fail(
      `${sent} ${what} at once cost ${calls.length} carrier calls within ${overMs} ms.`,
      'carrier-call',
      `The carrier journal shows more calls than the ${perSecond} a second that the target declares to make at most.`,
      { exchanges: lastExchanges, journal: calls.slice(-10), expected: `at most ${most}`, observed: `${calls.length}` },
    )
  if (sent <= most) return inconclusive(`${sent} logins took so long to send (${overMs} ms) that no budget could be passed.`)
  if (calls.length === 0) return inconclusive(`None of ${sent} ${what} reached a carrier, so what bounds them is not shown.`)
  return undefined
}
