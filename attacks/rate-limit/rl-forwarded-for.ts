import { defineAttack, type Judgement, type Lab, type Tamper } from '../../src/contract/attack.ts'
import { type Step, stepOf } from '../kit/account.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { withHeaders } from '../kit/tamper.ts'

type Sent = { variant: string; step: Step; rang: boolean }
type Observation = {
  /** Messages sent from one address until the target said no; null when it never did. */
  limitedAfter: number | null
  /** From that address once more, and from another. */
  again: Sent | null
  elsewhere: Sent | null
  /** From that address, each under another header. */
  disguised: Sent[]
}

/** Above the largest bound an honest household would meet in an hour, below what would hurt anybody. */
const MOST_SENT = 110

export default defineAttack<Observation>({
  meta: {
    id: 'rl-forwarded-for',
    family: 'rate-limit',
    title: 'Limit by source passed with a header',
    about:
      'Uses up what one address may do, has that confirmed, and goes on under headers that proxies write: X-Forwarded-For and its relatives. Success means that the limit believes the client about where it comes from, and so is none.',
    severity: 'high',
    cwe: [348, 290],
    asvs: ['4.1.3', '15.3.4'],
    api2023: ['API4'],
    has: 'one address',
    needs: ['oneTap', 'me', 'smsSend'],
    notices: ['source-address=trust-xff'],
  },

  async observe(lab) {
    const from = await lab.elsewhere()
    const another = await lab.elsewhere()
    if (from === undefined || another === undefined)
      return { notApplicable: 'all requests come from one address here, and using up its budget would lock us out' }
    const here: Tamper = request => ({ ...request, from })
    let limitedAfter: number | null = null
    for (let sent = 0; sent <= MOST_SENT && limitedAfter === null; sent++) {
      const { step } = await sendFrom(lab, 'plain', here)
      if (step.reading === 'refused' && sent > 0) limitedAfter = sent
      else if (step.reading === 'refused') break
    }
    if (limitedAfter === null) return { limitedAfter, again: null, elsewhere: null, disguised: [] }
    const again = await sendFrom(lab, 'plain', here)
    const elsewhere = await sendFrom(lab, 'another address', request => ({ ...request, from: another }))
    const disguised: Sent[] = []
    for (const [variant, headers] of disguises(lab))
      disguised.push(await sendFrom(lab, variant, request => here(withHeaders(headers)(request))))
    return { limitedAfter, again, elsewhere, disguised }
  },

  judge({ limitedAfter, again, elsewhere, disguised }): Judgement {
    if (limitedAfter === null || again === null || elsewhere === null)
      return inconclusive(`No limit on one address was met in ${MOST_SENT} messages.`)
    if (again.step.reading !== 'refused') return inconclusive('The limit let go by itself, so what a header does cannot be told.')
    const passed = disguised.filter(({ step }) => step.reading === 'granted')
    const [first] = passed.filter(({ rang }) => rang)
    if (first !== undefined)
      return fail(
        `A header lifted the limit on one address (${first.variant}).`,
        'side-effect',
        'The address had been refused, and under the header a message was sent and arrived.',
        {
          exchanges: [again.step.exchange, ...passed.map(({ step }) => step.exchange)],
          expected: 'refused as before',
          observed: `${passed.length} of ${disguised.length} headers lifted it`,
        },
      )
    if (elsewhere.step.reading !== 'granted')
      return inconclusive(
        'Another address is refused as well: the limit is not one on addresses, and what it says of headers is not shown.',
      )
    const unclear = disguised.filter(({ step }) => step.reading !== 'refused')
    if (unclear.length > 0)
      return inconclusive(`Not every header was answered by the limit (${unclear.map(({ variant }) => variant).join(', ')}).`)
    return pass(
      `One address was limited after ${limitedAfter} messages and stayed so under ${disguised.length} headers; another was not.`,
    )
  },
})

/** A message to a number of its own: only the sender's budget is used. */
async function sendFrom(lab: Lab, variant: string, tamper: Tamper): Promise<Sent> {
  const { msisdn } = (await lab.handset()).sim
  const exchange = await lab.send('smsSend', { number: msisdn, purpose: 'login' }, tamper)
  const rang = exchange.reading.kind === 'granted' && (await lab.messages(msisdn)).length > 0
  return { variant, step: stepOf(exchange), rang }
}

function disguises(lab: Lab): [string, Record<string, string>][] {
  // Addresses of documentation: they are nobody's.
  const address = (): string => `203.0.113.${1 + lab.rng.below(254)}`
  const single = ['X-Forwarded-For', 'X-Real-IP', 'True-Client-IP', 'CF-Connecting-IP', 'X-Client-IP', 'X-Cluster-Client-IP']
  return [
    ...single.map((name): [string, Record<string, string>] => [name, { [name]: address() }]),
    ['Forwarded', { Forwarded: `for=${address()}` }],
    ['X-Forwarded-For with two', { 'X-Forwarded-For': `${address()}, ${address()}` }],
    ['X-Forwarded-For with IPv6', { 'X-Forwarded-For': `2001:db8::${lab.rng.below(9999)}` }],
  ]
}
