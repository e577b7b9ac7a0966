import { defineAttack, type Handset, type Judgement } from '../../src/contract/attack.ts'
import type { FaultRule } from '../../src/contract/fault.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { duringOutage, loginOnce, type Struck } from '../kit/outage.ts'

type Observation = {
  /** `calls`: carrier calls with the token of this one login. */
  struck: Struck[]
  recovered: boolean
}

/** A redeemed token cannot be redeemed again: at most a connection that was never made may be tried once more. */
const MOST_CALLS = 2
const LOGINS = 3

export default defineAttack<Observation>({
  meta: {
    id: 'do-retry-storm',
    family: 'availability',
    title: 'Calls multiplied while the carrier fails',
    about:
      'Logs in while the carrier fails and counts its journal: a backend that tries again and again turns each user into many calls just when the carrier is on its knees, and may spend a token several times.',
    severity: 'high',
    cwe: [405, 400],
    asvs: ['13.2.6', '16.5.2'],
    api2023: ['API4'],
    has: 'an outage of the carrier',
    needs: ['oneTap', 'me'],
    notices: ['carrier-calls=retry-unbounded', 'carrier-routing=carrier-fanout'],
    alone: true,
  },

  async observe(lab) {
    const struck: Struck[] = []
    let recovered = true
    for (const [name, fault] of TROUBLES) {
      const phones: Handset[] = []
      for (let i = 0; i < LOGINS; i++) phones.push(await lab.handset())
      const seen = await duringOutage(lab, { faults: [{ ...fault, providers: carriersOf(lab) }] }, async () => {
        const all = []
        for (const phone of phones) all.push(await loginOnce(lab, `${phone.sim.carrier}: ${name}`, phone))
        return all
      })
      const rows = await lab.carrierCalls(seen.result.map(({ token }) => token))
      for (const { struck: one, token } of seen.result)
        struck.push({ ...one, calls: rows.filter(row => row.token === token).map(({ seq }) => seq) })
      recovered &&= seen.recovered
    }
    return { struck, recovered }
  },

  judge({ struck, recovered }): Judgement {
    const stormy = struck.filter(({ calls }) => calls.length > MOST_CALLS)
    if (stormy.length > 0) {
      const most = Math.max(...stormy.map(({ calls }) => calls.length))
      return fail(
        `One login became ${most} carrier calls while the carrier failed.`,
        'carrier-call',
        'The carrier journal shows the calls, all with one token.',
        {
          exchanges: stormy.map(({ exchange }) => exchange),
          journal: stormy.flatMap(({ calls }) => calls),
          expected: `at most ${MOST_CALLS} calls a login`,
          observed: `${most} calls`,
        },
      )
    }
    if (struck.some(({ status }) => status === 0)) return inconclusive('Some logins got no answer while the carrier failed.')
    if (struck.every(({ calls }) => calls.length === 0)) return inconclusive('The carrier saw none of the logins.')
    if (!recovered) return inconclusive('Calls did not multiply, but no login worked within ten seconds after the outage.')
    return pass(
      `${struck.length} logins during an outage cost at most ${MOST_CALLS} carrier calls each; honest ones worked again at once.`,
    )
  },
})

const TROUBLES: readonly (readonly [string, FaultRule])[] = [
  ['status 503', { id: 'error-rate', share: 1, answer: 'http', status: 503 }],
  ['connection reset', { id: 'reset', share: 1 }],
]
