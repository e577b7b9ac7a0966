import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Attempt, attemptOf } from '../kit/attempt.ts'
import { fail, inconclusive } from '../kit/judging.ts'
import { type Meeting, meetingOf, met, passRaced, raceBound, raceOn, tooFewShow } from '../kit/racing.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Round = Meeting & { winners: Attempt[]; calls: number[] }

type Observation = {
  width: number
  /** One carrier token, as many nonces as logins. */
  oneToken: Round[]
  /** A new number, a token and a nonce of its own for each login: how many accounts came of it. */
  newNumber: Round[]
}

export default defineAttack<Observation>({
  meta: {
    id: 'rp-carrier-token-race',
    family: 'replay',
    title: 'Carrier token spent many times at once',
    about:
      'Releases many logins with one carrier token in the same instant, while the carrier is lenient; then many first logins of one new number. More than one session, or more than one account, means that look and note are two steps.',
    severity: 'high',
    cwe: [367, 362],
    asvs: ['15.4.2', '2.3.3'],
    api2023: ['API6'],
    has: 'a carrier token of an own number',
    needs: ['oneTap', 'me'],
    notices: ['carrier-token-once=absent', 'carrier-token-once=seen-token-racy', 'identity-unique=create-account-racy'],
    behaviour: { singleUse: 'lenient' },
  },

  async observe(lab) {
    const { raceWidth: width } = lab.limits
    const oneToken: Round[] = []
    const newNumber: Round[] = []
    await raceOn(
      lab.limits,
      async () => {
        const [one, many] = [await raceOneToken(lab, width), await raceNewNumber(lab, width)]
        oneToken.push(one)
        newNumber.push(many)
        return { one, many }
      },
      {
        isHit: ({ one, many }) => sessions(one.winners) > 1 || accounts(many.winners) > 1,
        couldShow: ({ one, many }) => oneWon(one) && mostCameIn(many, width),
      },
    )
    return { width, oneToken, newNumber }
  },

  judge({ width, oneToken, newNumber }): Judgement {
    const doubled = newNumber.find(({ winners }) => accounts(winners) > 1)
    if (doubled !== undefined)
      return fail(
        `One new number became ${accounts(doubled.winners)} accounts in ${width} first logins at once.`,
        'second-session',
        'The replies to one number’s logins held credentials of different accounts.',
        { ...evidence(doubled), expected: 'one account', observed: `${accounts(doubled.winners)} accounts` },
      )
    const twice = oneToken.find(({ winners }) => sessions(winners) > 1)
    if (twice !== undefined)
      return fail(
        `One carrier token gave ${sessions(twice.winners)} sessions in ${width} logins at once.`,
        'second-session',
        `${sessions(twice.winners)} replies held different working credentials.`,
        { ...evidence(twice), expected: 'one winner', observed: `${sessions(twice.winners)} sessions` },
      )
    const clean = oneToken.filter(oneWon)
    const together = newNumber.filter(round => mostCameIn(round, width))
    if (tooFewShow(clean.length, oneToken.length) || tooFewShow(together.length, newNumber.length))
      return inconclusive(`Only ${clean.length} and ${together.length} of ${oneToken.length} rounds could show anything.`)
    return passRaced([raceBound('second winner', clean, width), raceBound('second account', together, width)])
  },
})

function oneWon(round: Round): boolean {
  return round.winners.length === 1 && met(round)
}

function mostCameIn(round: Round, width: number): boolean {
  return round.winners.length * 2 > width && met(round)
}

function sessions(winners: readonly Attempt[]): number {
  return new Set(winners.map(({ session }) => session)).size
}

function accounts(winners: readonly Attempt[]): number {
  return new Set(winners.map(({ account }) => account)).size
}

function evidence({ winners, calls }: Round): { exchanges: number[]; journal: number[] } {
  return { exchanges: winners.map(({ exchange }) => exchange), journal: calls }
}

async function raceOneToken(lab: Lab, width: number): Promise<Round> {
  const issued = await (await ownTokens(lab)).next()
  const inputs = []
  for (let i = 0; i < width; i++) inputs.push(loginWith(issued, await lab.nonce()))
  return raced(lab, inputs, [issued.token])
}

async function raceNewNumber(lab: Lab, width: number): Promise<Round> {
  const tokens = await ownTokens(lab)
  const inputs = []
  for (let i = 0; i < Math.min(width, 20); i++) inputs.push(loginWith(await tokens.next(), await lab.nonce()))
  return raced(lab, inputs, [])
}

async function raced(lab: Lab, inputs: readonly ReturnType<typeof loginWith>[], watch: readonly string[]): Promise<Round> {
  const result = await lab.race('oneTap', inputs)
  const winners: Attempt[] = []
  for (const exchange of result.exchanges) {
    const got = await lab.possess(exchange)
    if (got !== undefined) winners.push(attemptOf('raced', exchange, got))
  }
  const rows = await lab.carrierCalls(watch)
  return { ...meetingOf(result), winners, calls: rows.map(({ seq }) => seq) }
}
