import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { MALFORMED_FORMS, type MalformedForm } from '../../src/contract/fault.ts'
import { evidenceOf, fail, inconclusive, names, pass } from '../kit/judging.ts'
import { heldFast, loginsDuring, type Struck } from '../kit/outage.ts'

type Observation = { struck: (Struck & { form: MalformedForm })[]; recovered: boolean }

export default defineAttack<Observation>({
  meta: {
    id: 'cf-malformed',
    family: 'carrier-failure',
    title: 'Carrier’s answer that is none',
    about:
      'Logs in while the carriers answer with broken JSON, nothing, a web page, a list or a text around the number, or eight megabytes. A session on a broken answer means that a number is picked out of whatever comes; one on the long answer, that the carrier, or whoever stands before it, can fill the memory of the backend.',
    severity: 'high',
    cwe: [20, 436, 770],
    asvs: ['1.5.3', '2.2.1'],
    api2023: ['API10'],
    has: 'a fault at the carrier, or a place on the way to it',
    needs: ['oneTap', 'me'],
    notices: ['carrier-answer-read=scrape-number', 'carrier-token-verified=fail-open', 'input-bounds=no-size-limit'],
    alone: true,
  },

  async observe(lab) {
    const struck: Observation['struck'] = []
    let recovered = true
    for (const form of MALFORMED_FORMS) {
      const seen = await loginsDuring(lab, [[NAMES[form], { id: 'malformed', share: 1, form }]])
      struck.push(...seen.struck.map(one => ({ ...one, form })))
      recovered &&= seen.recovered
    }
    return { struck, recovered }
  },

  judge({ struck, recovered }): Judgement {
    const gotIn = struck.filter(({ account }) => account !== null)
    const byBroken = gotIn.filter(({ form }) => form !== 'long')
    if (byBroken.length > 0)
      return fail(
        `A login went through on an answer that was none (${names(byBroken)}).`,
        'credential',
        'The reply held a credential, though what the carrier sent was no answer.',
        { ...evidenceOf(byBroken), expected: 'refused', observed: `${byBroken.length} of ${struck.length} logged in` },
      )
    if (gotIn.length > 0)
      return fail(
        `The target read an answer of eight megabytes to its end (${names(gotIn)}).`,
        'side-effect',
        'The login went through, and the answer closes only at its end; honest answers are a few hundred bytes.',
        { ...evidenceOf(gotIn), expected: 'given up long before', observed: `${gotIn.length} read whole` },
      )
    const silent = struck.filter(attempt => !heldFast(attempt))
    if (silent.length > 0) return inconclusive(`Some logins got no answer at all (${names(silent)}).`)
    if (!recovered) return inconclusive('No login got in, but none did within ten seconds after the fault either.')
    return pass(`${struck.length} logins on answers that were none, or without end, were turned away; honest ones worked again.`)
  },
})

const NAMES: Readonly<Record<MalformedForm, string>> = {
  cut: 'broken off in the middle',
  empty: 'empty',
  page: 'within a web page',
  list: 'within a list',
  text: 'within a text',
  unclosed: 'without its last character',
  long: 'of eight megabytes',
}
