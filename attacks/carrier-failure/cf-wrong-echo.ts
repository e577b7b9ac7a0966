import { defineAttack, type Handset, type Judgement } from '../../src/contract/attack.ts'
import { evidenceOf, fail, inconclusive, names, pass } from '../kit/judging.ts'
import { duringOutage, heldFast, loginOnce, type Struck } from '../kit/outage.ts'

type Observation = { struck: Struck[]; recovered: boolean }

const LOGINS = 3

export default defineAttack<Observation>({
  meta: {
    id: 'cf-wrong-echo',
    family: 'carrier-failure',
    title: "Carrier's answer to somebody else's request",
    about:
      'Logs in while the carrier repeats another message number than the one it was sent. A session means that answers are not held against requests: one that is late, swapped or replayed logs one person in as another.',
    severity: 'critical',
    cwe: [345, 354],
    asvs: ['4.1.5'],
    api2023: ['API10'],
    has: 'a fault at the carrier, or a place on the way to it',
    needs: ['oneTap', 'me'],
    notices: ['carrier-answer-read=no-echo-check', 'carrier-token-verified=fail-open', 'carrier-answer-read=scrape-number'],
    alone: true,
  },

  async observe(lab) {
    const phones: Handset[] = []
    // The only one of the three whose answers repeat something of the request ([S1]).
    for (let i = 0; i < LOGINS; i++) phones.push(await lab.handset('china-mobile'))
    const { result, recovered } = await duringOutage(lab, { faults: [{ id: 'wrong-echo', share: 1 }] }, async () => {
      const struck: Struck[] = []
      for (const phone of phones) struck.push((await loginOnce(lab, 'china-mobile: wrong echo', phone)).struck)
      return struck
    })
    return { struck: result, recovered }
  },

  judge({ struck, recovered }): Judgement {
    const gotIn = struck.filter(({ account }) => account !== null)
    if (gotIn.length > 0)
      return fail(
        'A login went through on an answer that was to another request.',
        'credential',
        'The reply held a credential; the carrier had answered with another message number than it was sent.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${struck.length} logged in` },
      )
    const silent = struck.filter(attempt => !heldFast(attempt))
    if (silent.length > 0) return inconclusive(`Some logins got no answer at all (${names(silent)}).`)
    if (!recovered) return inconclusive('No login got in, but none did within ten seconds after the fault either.')
    return pass(`${struck.length} logins on answers to other requests were turned away.`)
  },
})
