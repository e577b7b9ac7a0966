import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { lookalike } from '../kit/lookalike.ts'
import { signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Observation = {
  limit: number
  sent: number
  /** Journal rows: what the carriers were asked. */
  calls: number[]
  lastExchanges: number[]
  /** An honest login from elsewhere, right after. */
  bystander: boolean
}

/** More than a run may fairly send to show a limit. */
const LARGEST_LIMIT = 600
const BEYOND = 40
const AT_ONCE = 12

export default defineAttack<Observation>({
  meta: {
    id: 'do-forged-flood',
    family: 'availability',
    title: 'Flood of invented tokens reaches the carrier',
    about:
      'Sends invented carrier tokens, each with an honest nonce, from one address, a few more than the target declares to let through in a minute. A carrier call for each means that a single machine can spend the owner’s quota at the carrier.',
    severity: 'high',
    cwe: [405, 770, 799],
    asvs: ['2.4.1', '13.2.6'],
    api2023: ['API4', 'API6'],
    has: 'one address; nonces are handed to anybody',
    needs: ['nonce', 'oneTap', 'me'],
    notices: ['refused-logins-limited=no-failed-login-limit', 'carrier-routing=carrier-fanout'],
    alone: true,
  },

  async observe(lab) {
    const limit = lab.traits.refusedLoginsPerMinute
    if (limit === undefined)
      return { notApplicable: 'the target module declares no limit on refused logins (traits.refusedLoginsPerMinute)' }
    if (limit > LARGEST_LIMIT) return { notApplicable: `${limit} refused logins a minute are let through, more than a run sends` }
    const address = await lab.elsewhere()
    if (address === undefined) return { notApplicable: 'this machine has one address only, and the flood would shut it out' }
    const tokens: string[] = []
    const exchanges: number[] = []
    while (tokens.length < limit + BEYOND) {
      const wave = await Promise.all(Array.from({ length: AT_ONCE }, () => forgery(lab, address)))
      tokens.push(...wave.map(({ token }) => token))
      exchanges.push(...wave.map(({ exchange }) => exchange))
    }
    const rows = await lab.carrierCalls(tokens)
    const bystander = (await signIn(lab, await lab.handset())).account !== null
    return { limit, sent: tokens.length, calls: rows.map(({ seq }) => seq), lastExchanges: exchanges.slice(-AT_ONCE), bystander }
  },

  judge({ limit, sent, calls, lastExchanges, bystander }): Judgement {
    // Those under way when the limit is reached may still pass.
    const most = limit + AT_ONCE
    if (calls.length > most)
      return fail(
        `${sent} invented tokens from one address cost ${calls.length} carrier calls.`,
        'carrier-call',
        'The carrier journal shows a call for each, beyond the limit that the target declares.',
        { exchanges: lastExchanges, journal: calls.slice(-AT_ONCE), expected: `at most ${most}`, observed: `${calls.length}` },
      )
    if (calls.length === 0)
      return inconclusive('None of the invented tokens reached the carrier, so what bounds them is not shown.')
    if (!bystander) return inconclusive('The flood was bounded, but an honest login from elsewhere failed as well.')
    return pass(
      `Of ${sent} invented tokens from one address ${calls.length} reached the carrier; an honest login from elsewhere went through.`,
    )
  },
})

async function forgery(lab: Lab, from: string): Promise<{ token: string; exchange: number }> {
  const issued = await (await lab.handset(carriersOf(lab)[0])).authorize()
  const token = lookalike(lab.rng, issued.token)
  const { id } = await lab.send('oneTap', { ...loginWith(issued, await lab.nonce()), token }, request => ({ ...request, from }))
  return { token, exchange: id }
}
