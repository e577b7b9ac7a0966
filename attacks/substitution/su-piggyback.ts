import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { type Burst, burst, judgeBurst, reachableBudget } from '../kit/carrier-budget.ts'
import { numberDisclosures } from '../kit/disclosure.ts'
import { fail, pass } from '../kit/judging.ts'
import { withHeaders } from '../kit/tamper.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Looked = { reply: string; exchange: number; found: string[] }
type Observation = {
  /** The script's login, and what it could read. */
  account: string | null
  looked: Looked[]
  /** Genuine tokens cashed at once; null where the target declares no budget that a run can reach. */
  cashed: Burst | null
}

/** What no app sends. */
const SCRIPT = withHeaders({ 'user-agent': 'python-requests/2.32.3', accept: '*/*' })

export default defineAttack<Observation>({
  meta: {
    id: 'su-piggyback',
    family: 'substitution',
    title: 'Backend used as a look-up of numbers',
    about:
      'A script with the app’s public ids, and tokens that phones gave it, logs in only to read the number, and cashes many tokens at once. The number in a reply, or carrier calls without a bound, mean that anybody gets numbers at the owner’s cost.',
    severity: 'medium',
    cwe: [359, 799],
    asvs: ['14.2.6', '2.4.1'],
    api2023: ['API3', 'API6'],
    has: "the app's public ids; tokens of any phones",
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['number-masked=full-number-out', 'carrier-calls=no-carrier-budget'],
  },

  async observe(lab) {
    const phone = await lab.handset()
    const looked: Looked[] = []
    const look = (reply: string, exchange: Parameters<typeof lab.textOf>[0]): void => {
      looked.push({ reply, exchange: exchange.id, found: numberDisclosures(lab.textOf(exchange), phone.sim.msisdn) })
    }
    const login = await lab.send('oneTap', loginWith(await phone.authorize(), await lab.nonce()), SCRIPT)
    look('login', login)
    const got = await lab.possess(login)
    if (got !== undefined) {
      const { credential } = got
      look('profile', await lab.send('me', { credential }, SCRIPT))
      if (lab.has('identityList')) look('identities', await lab.send('identityList', { credential }, SCRIPT))
    }
    const budget = reachableBudget(lab)
    if (budget === undefined) return { account: got?.account ?? null, looked, cashed: null }
    const tokens = await ownTokens(lab)
    const cashed = await burst(lab, budget, async () => {
      const issued = await tokens.next()
      return { input: loginWith(issued, await lab.nonce()), watch: issued.token, tamper: SCRIPT }
    })
    return { account: got?.account ?? null, looked, cashed }
  },

  judge({ account, looked, cashed }): Judgement {
    const leaks = looked.filter(({ found }) => found.length > 0)
    const [first] = leaks
    if (first !== undefined)
      return fail(
        `A script learnt the number of a phone from a reply (${first.reply}, ${first.found[0] ?? ''}).`,
        'disclosure',
        'The reply holds the number, which no request had held.',
        {
          exchanges: leaks.map(({ exchange }) => exchange),
          expected: 'a mask at most',
          observed: `in ${leaks.length} of ${looked.length} replies`,
        },
      )
    const over = cashed === null ? undefined : judgeBurst(cashed, 'genuine tokens')
    if (over !== undefined) return over
    // Turned away as a script: nothing was to be read, and the honest control shows that others are not.
    if (account === null) return pass('A script’s login was turned away, while an honest one went through.')
    const bound =
      cashed === null
        ? '; the target declares no bound on carrier calls that a run can reach'
        : ', and carrier calls were bounded'
    return pass(`A script that logged in learnt no number from ${looked.length} replies${bound}.`)
  },
})
