import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { evidenceOf, fail, inconclusive, names, pass } from '../kit/judging.ts'
import { duringOutage, heldFast, loginOnce, type Struck } from '../kit/outage.ts'
import { signIn } from '../kit/sign-in.ts'

type Observation = {
  /** Logins during silence and cut connections. */
  struck: Struck[]
  /** A login whose carrier answered only after the target had given up, and what a later login of that number says. */
  late: { struck: Struck; exchange: number; created: boolean | null } | null
  recovered: boolean
}

/** Far longer than a login may take. The mock lets go when the backend does. */
const HOLD_MS = 8000
/** How much later than the target's own patience the late answer comes. */
const LATER_BY_MS = 400
/** A target more patient than this is not waited for with a late answer. */
const LONGEST_PATIENCE_MS = 6000

export default defineAttack<Observation>({
  meta: {
    id: 'cf-timeout',
    family: 'carrier-failure',
    title: 'Login while the carrier is silent, cut off or late',
    about:
      'Logs in while the carriers hang, reset connections or answer after the backend has given up. A session means the backend opens when it does not know; an account made by a login the client was told had failed means that nothing is called off.',
    severity: 'high',
    cwe: [636, 755],
    asvs: ['16.5.2', '16.5.3', '13.1.3'],
    api2023: ['API10'],
    has: 'an outage of the carrier, or of the way to it',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-verified=fail-open', 'carrier-deadline=late-success-counts'],
    alone: true,
  },

  async observe(lab) {
    const silent = await outage(lab, 'silent', { id: 'hang', share: 1, holdMs: HOLD_MS })
    const reset = await outage(lab, 'connection reset', { id: 'reset', share: 1 })
    const half = await outage(lab, 'connection closed without an answer', { id: 'half-close', share: 1 })
    const struck = [silent, reset, half].map(({ result }) => result)
    const patienceMs = silent.result.durationMs
    const late = patienceMs > LONGEST_PATIENCE_MS ? null : await lateAnswer(lab, patienceMs + LATER_BY_MS)
    return { struck, late, recovered: [silent, reset, half].every(({ recovered }) => recovered) }
  },

  judge({ struck, late, recovered }): Judgement {
    const all = late === null ? struck : [...struck, late.struck]
    const gotIn = struck.filter(({ account }) => account !== null)
    if (gotIn.length > 0)
      return fail(
        `A login went through although the carrier never answered (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account, though no carrier said whose.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${struck.length} logged in` },
      )
    if (late !== null && late.struck.account === null && late.created === false)
      return fail(
        'A login that the client was told had failed made an account after all, when the carrier answered late.',
        'side-effect',
        'The number’s next login found an account there already; its first login had been refused.',
        {
          exchanges: [late.struck.exchange, late.exchange],
          expected: 'a login that failed leaves nothing behind',
          observed: 'an account',
        },
      )
    const silent = all.filter(attempt => !heldFast(attempt))
    if (silent.length > 0) return inconclusive(`Some logins during the outage got no answer at all (${names(silent)}).`)
    if (!recovered) return inconclusive('No login got in during the outage, but none did within ten seconds after it either.')
    const also = late === null || late.created === null ? '' : '; a late answer left nothing behind'
    return pass(`${struck.length} logins without an answer from the carrier were turned away${also}.`)
  },
})

async function outage(
  lab: Lab,
  name: string,
  fault: { id: 'hang'; share: 1; holdMs: number } | { id: 'reset' | 'half-close'; share: 1 },
) {
  const phone = await lab.handset()
  return duringOutage(
    lab,
    { faults: [{ ...fault, providers: carriersOf(lab) }] },
    async () => (await loginOnce(lab, `${phone.sim.carrier}: ${name}`, phone)).struck,
  )
}

/** The number is new: an account that its second login finds was made by the first. */
async function lateAnswer(lab: Lab, lateMs: number): Promise<Observation['late']> {
  const phone = await lab.handset()
  const { result } = await duringOutage(
    lab,
    { faults: [{ id: 'late-answer', share: 1, lateMs, providers: carriersOf(lab) }] },
    async () => {
      const { struck } = await loginOnce(lab, `${phone.sim.carrier}: late answer`, phone)
      // What it would do, it does once the carrier has answered.
      await lab.eventually(async () => false, LATER_BY_MS * 2)
      return struck
    },
  )
  const exchange = await lab.login(phone)
  if (exchange.reading.kind !== 'granted') {
    const again = await signIn(lab, phone)
    return { struck: result, exchange: again.exchange, created: null }
  }
  return { struck: result, exchange: exchange.id, created: exchange.reading.created ?? null }
}
