import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import type { FaultRule } from '../../src/contract/fault.ts'
import { evidenceOf, fail, inconclusive, names, pass } from '../kit/judging.ts'
import { heldFast, loginsDuring, type Struck } from '../kit/outage.ts'

type Observation = { struck: Struck[]; recovered: boolean }

export default defineAttack<Observation>({
  meta: {
    id: 'cf-5xx',
    family: 'carrier-failure',
    title: 'Login while the carrier answers errors',
    about:
      'Logs in while the carriers answer with server errors, their own system errors and throttling. A session means that the backend opens when the carrier is down: then taking the carrier down is a way in.',
    severity: 'high',
    cwe: [636, 252],
    asvs: ['16.5.3'],
    api2023: ['API10'],
    has: 'an outage of the carrier',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-verified=fail-open'],
    alone: true,
  },

  observe: lab => loginsDuring(lab, TROUBLES),

  judge({ struck, recovered }): Judgement {
    const gotIn = struck.filter(({ account }) => account !== null)
    if (gotIn.length > 0)
      return fail(
        `A login went through while the carrier answered errors (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account, though no carrier said whose.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${struck.length} logged in` },
      )
    const silent = struck.filter(attempt => !heldFast(attempt))
    if (silent.length > 0) return inconclusive(`Some logins during the outage got no answer at all (${names(silent)}).`)
    if (!recovered) return inconclusive('No login got in during the outage, but none did within ten seconds after it either.')
    return pass(
      `${struck.length} logins while the carriers answered errors were turned away; honest ones worked again afterwards.`,
    )
  },
})

const TROUBLES: readonly (readonly [string, FaultRule])[] = [
  ['status 500', { id: 'error-rate', share: 1, answer: 'http', status: 500 }],
  ['status 503', { id: 'error-rate', share: 1, answer: 'http', status: 503 }],
  ['the carrier’s own system error', { id: 'error-rate', share: 1, answer: 'business' }],
  ['throttled', { id: 'throttle', share: 1, ratePerSecond: 0 }],
]
