import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { boundAfterCleanRounds } from '../kit/bound.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Crossing = { exchange: number; expected: string | null; got: string | null }

type Observation = { phones: number; logins: Crossing[] }

const ROUNDS = 4
/** Wide enough that answers overtake each other in every round. */
const UNEVEN = { kind: 'lognormal', medianMs: 25, p99Ms: 250 } as const

export default defineAttack<Observation>({
  meta: {
    id: 'cf-crosstalk',
    family: 'carrier-failure',
    title: "Somebody else's answer under concurrency",
    about:
      'Logs in many different numbers at once, again and again, while the carrier answers out of order. Reaching another account than one’s own, once, means that answers and requests are matched by order.',
    severity: 'critical',
    cwe: [362, 488],
    asvs: ['15.4.1'],
    api2023: ['API10'],
    has: 'nothing: honest users are mixed up',
    needs: ['oneTap', 'me'],
    notices: ['carrier-calls=socket-mixup'],
    alone: true,
  },

  async observe(lab) {
    const owners = []
    for (let i = 0; i < lab.limits.raceWidth; i++) {
      // One carrier, hence one pool of connections.
      const phone = await lab.handset(carriersOf(lab)[0])
      owners.push({ phone, account: (await signIn(lab, phone)).account })
    }
    const logins: Crossing[] = []
    await lab.carriersBehave({ latency: UNEVEN })
    for (let round = 0; round < ROUNDS; round++) {
      const inputs = []
      for (const { phone } of owners) inputs.push(loginWith(await phone.authorize(), await lab.nonce()))
      const { exchanges } = await lab.race('oneTap', inputs)
      for (const [position, exchange] of exchanges.entries()) {
        const got = await lab.possess(exchange)
        logins.push({ exchange: exchange.id, expected: owners[position]?.account ?? null, got: got?.account ?? null })
      }
    }
    await lab.carriersBehave(undefined)
    return { phones: owners.length, logins }
  },

  judge({ phones, logins }): Judgement {
    const known = logins.filter(({ expected }) => expected !== null)
    const crossed = known.filter(({ expected, got }) => got !== null && got !== expected)
    if (crossed.length > 0)
      return fail(
        `${crossed.length} of ${known.length} logins of different numbers at once led to somebody else's account.`,
        'account-exposed',
        'The credential in the reply opens the account of another number.',
        {
          exchanges: crossed.slice(0, 20).map(({ exchange }) => exchange),
          expected: 'everybody their own account',
          observed: `${crossed.length} mix-ups`,
        },
      )
    const own = known.filter(({ expected, got }) => got === expected)
    if (own.length * 2 < logins.length || own.length < phones)
      return inconclusive(`Only ${own.length} of ${logins.length} logins at once succeeded, too few to show anything.`)
    const bound = (boundAfterCleanRounds(own.length) * 100).toFixed(1)
    return pass(
      `${own.length} logins of ${phones} numbers at once, answered out of order, led everybody to their own account: below ${bound} % per login at 95 % confidence.`,
    )
  },
})
