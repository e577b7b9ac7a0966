import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { evidenceOf, fail, inconclusive, names, pass } from '../kit/judging.ts'
import { heldFast, loginsDuring, type Struck } from '../kit/outage.ts'

type Observation = { struck: Struck[]; baitCalls: string[]; recovered: boolean }

/** The second and third ask for the same method and body once more: with the app’s secret in it. */
const STATUSES = [302, 307, 308] as const

export default defineAttack<Observation>({
  meta: {
    id: 'cf-redirect',
    family: 'carrier-failure',
    title: 'Carrier that sends the backend elsewhere',
    about:
      "Logs in while the carriers answer with redirects to a listener of the attacker's. A request there means that whoever can forge one answer reads what the backend signs, and can answer in the carrier's place.",
    severity: 'medium',
    cwe: [918, 601],
    asvs: ['15.3.2', '13.2.4'],
    api2023: ['API7', 'API10'],
    has: 'a fault at the carrier, or a place on the way to it',
    needs: ['oneTap', 'me'],
    notices: ['app-binding=client-picks-endpoint', 'carrier-token-verified=fail-open'],
    alone: true,
  },

  async observe(lab) {
    const bait = await lab.bait()
    const to = `${bait.url}/elsewhere`
    const redirects = STATUSES.map(status => [`status ${status}`, { id: 'redirect', share: 1, status, to }] as const)
    const { struck, recovered } = await loginsDuring(lab, redirects)
    return { struck, baitCalls: [...bait.calls()], recovered }
  },

  judge({ struck, baitCalls, recovered }): Judgement {
    const gotIn = struck.filter(({ account }) => account !== null)
    if (gotIn.length > 0)
      return fail(
        `A login went through though the carrier had only named another address (${names(gotIn)}).`,
        'credential',
        'The reply held a credential that opens an account.',
        { ...evidenceOf(gotIn), expected: 'refused', observed: `${gotIn.length} of ${struck.length} logged in` },
      )
    const [call] = baitCalls
    if (call !== undefined)
      return fail(
        'The target followed a redirect of the carrier to a stranger.',
        'outside-call',
        `The attacker's listener was called: ${call}.`,
        {
          exchanges: struck.map(({ exchange }) => exchange),
          expected: 'no request but to the configured carrier',
          observed: `${baitCalls.length} requests`,
        },
      )
    const silent = struck.filter(attempt => !heldFast(attempt))
    if (silent.length > 0) return inconclusive(`Some logins got no answer at all (${names(silent)}).`)
    if (!recovered) return inconclusive('No redirect was followed, but no login worked within ten seconds after the fault.')
    return pass(`${struck.length} logins met a redirect and were turned away; the address it named was not called.`)
  },
})
