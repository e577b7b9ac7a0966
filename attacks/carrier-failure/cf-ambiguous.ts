import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { evidenceOf, fail, inconclusive, names, pass } from '../kit/judging.ts'
import { heldFast, loginsDuring, type Struck } from '../kit/outage.ts'

type Observation = { struck: Struck[]; recovered: boolean }

export default defineAttack<Observation>({
  meta: {
    id: 'cf-ambiguous',
    family: 'carrier-failure',
    title: 'Number in an answer that is no success',
    about:
      'Logs in while the carriers put a whole number into answers whose result code or HTTP status is not the documented success: another code, a spelling of it, none. A session means that a broken or half-understood answer decides who somebody is.',
    severity: 'critical',
    cwe: [697, 843, 636],
    asvs: ['15.3.5', '16.5.3'],
    api2023: ['API10'],
    has: 'a fault at the carrier, or a place on the way to it',
    needs: ['oneTap', 'me'],
    notices: ['carrier-answer-read=loose-result-code', 'carrier-answer-read=scrape-number', 'carrier-token-verified=fail-open'],
    alone: true,
  },

  observe: lab =>
    loginsDuring(
      lab,
      LABELS.map(([name, label]) => [name, { id: 'mislabelled', share: 1, ...label }] as const),
    ),

  judge({ struck, recovered }): Judgement {
    const gotIn = struck.filter(({ account }) => account !== null)
    if (gotIn.length > 0)
      return fail(
        `A login went through on an answer that was no success (${names(gotIn)}).`,
        'credential',
        'The reply held a credential, though the carrier had not answered with its success.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${struck.length} logged in` },
      )
    const silent = struck.filter(attempt => !heldFast(attempt))
    if (silent.length > 0) return inconclusive(`Some logins got no answer at all (${names(silent)}).`)
    if (!recovered) return inconclusive('No login got in, but none did within ten seconds after the fault either.')
    return pass(`${struck.length} logins on answers that held a number but were no success were turned away.`)
  },
})

/** Success is `103000`, `0` and `"0"` ([S1], [S8], [S11]): none of these is one, and each is one to somebody who compares loosely. */
const LABELS: readonly (readonly [string, { code: string } | { status: number }])[] = [
  ['an unknown code', { code: '999999' }],
  ['no code', { code: '' }],
  ['a success with a space', { code: '103000 ' }],
  ['a success with a zero before', { code: '0103000' }],
  ['a success as a fraction', { code: '103000.0' }],
  ['a zero with a space', { code: ' 0' }],
  ['status 500', { status: 500 }],
  ['status 202', { status: 202 }],
]
