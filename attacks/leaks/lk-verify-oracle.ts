import { defineAttack, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import type { IssuedToken } from '../../src/contract/journal.ts'
import type { VerifyNumberInput } from '../../src/contract/target.ts'
import { carriersOf } from '../kit/carriers-of.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { signIn } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Guess = { exchange: number; status: number; match: boolean | null }
type Series = { asked: 'whole numbers' | 'last digits'; tokens: 'one token' | 'fresh tokens'; guesses: Guess[] }
type Observation = { right: Guess | null; wrong: Guess | null; series: Series[] }

/** By one token. */
const GUESSES_BY_ONE = 8
/** By fresh ones: above what documents allow a number in a day (ten), so that a bound of that kind shows. */
const GUESSES_BY_FRESH = 20

export default defineAttack<Observation>({
  meta: {
    id: 'lk-verify-oracle',
    family: 'leaks',
    title: 'Number guessed by asking whether it is the one',
    about:
      'Number verification answers yes or no. Guesses again and again, whole numbers and last digits, with one carrier token and with fresh ones. A token that answers twice, or an account that is answered twenty times, gives away a number digit by digit.',
    severity: 'high',
    cwe: [307, 203],
    asvs: ['2.4.1', '6.6.3'],
    api2023: ['API6', 'API4'],
    has: 'a session, and carrier tokens of a phone whose number is to be found out',
    needs: ['oneTap', 'me', 'verifyNumber'],
    notices: ['verify-limits=verify-unlimited', 'verify-limits=verify-partial-free'],
  },

  async observe(lab) {
    const honest = await offered(lab)
    if (honest === undefined) return { right: null, wrong: null, series: [] }
    const { right, phone } = honest
    const wrong = await guess(lab, honest.credential, await verifyToken(phone), { number: otherThan(lab, phone.sim.msisdn, 8) })
    const series: Series[] = []
    for (const asked of ['whole numbers', 'last digits'] as const) {
      for (const tokens of ['one token', 'fresh tokens'] as const) {
        const made = await serve(lab, phone.sim.carrier, asked, tokens)
        if (made !== undefined) series.push(made)
      }
    }
    return { right, wrong, series }
  },

  judge({ right, wrong, series }): Judgement {
    if (right?.match !== true || wrong?.match !== false)
      return inconclusive('Number verification did not say yes to the right number and no to a wrong one.')
    const answered = ({ guesses }: Series): Guess[] => guesses.filter(({ match }) => match !== null)
    const open = series.filter(one => answered(one).length > (one.tokens === 'one token' ? 1 : GUESSES_BY_FRESH - 1))
    const [first] = open
    if (first !== undefined)
      return fail(
        `Number verification answered ${answered(first).length} of ${first.guesses.length} guesses at ${first.asked} with ${first.tokens}.`,
        'disclosure',
        'Each of these replies says whether a guess is right.',
        {
          exchanges: answered(first).map(({ exchange }) => exchange),
          expected: first.tokens === 'one token' ? 'one answer for one token' : 'a bound on guesses of one account',
          observed: `${answered(first).length} answers`,
        },
      )
    if (series.length === 0) return inconclusive('No account could be opened to guess from.')
    const most = Math.max(...series.filter(({ tokens }) => tokens === 'fresh tokens').map(one => answered(one).length), 0)
    return pass(
      `One token answered one guess at most, and of ${GUESSES_BY_FRESH} guesses with fresh ones ${most} were answered at most.`,
    )
  },
})

interface Opened {
  phone: Handset
  credential: string
}

async function open(lab: Lab, carrier: Handset['sim']['carrier'] | undefined): Promise<Opened | undefined> {
  const phone = await lab.handset(carrier)
  const { credential } = await signIn(lab, phone)
  return credential === null ? undefined : { phone, credential }
}

/** A carrier whose numbers can be verified here, tried by an honest question; phones take their turns over all there are. */
async function offered(lab: Lab): Promise<(Opened & { right: Guess }) | undefined> {
  for (const _ of carriersOf(lab)) {
    const opened = await open(lab, undefined)
    if (opened === undefined) continue
    const right = await guess(lab, opened.credential, await verifyToken(opened.phone), { number: opened.phone.sim.msisdn })
    if (right.match === true) return { ...opened, right }
  }
  return undefined
}

function verifyToken(phone: Handset): Promise<IssuedToken> {
  return phone.authorize({ purpose: 'verify' })
}

async function guess(
  lab: Lab,
  credential: string,
  token: IssuedToken,
  asked: Pick<VerifyNumberInput, 'number' | 'lastDigits'>,
): Promise<Guess> {
  const { id, status, reading } = await lab.send('verifyNumber', {
    ...loginWith(token, await lab.nonce({ purpose: 'verify' })),
    ...asked,
    credential,
  })
  return { exchange: id, status, match: reading.kind === 'granted' ? (reading.match ?? null) : null }
}

async function serve(
  lab: Lab,
  carrier: Handset['sim']['carrier'],
  asked: Series['asked'],
  tokens: Series['tokens'],
): Promise<Series | undefined> {
  // An account of its own: the guesses of one series must not use up another's.
  const opened = await open(lab, carrier)
  if (opened === undefined) return undefined
  const { phone, credential } = opened
  const { msisdn } = phone.sim
  const most = tokens === 'one token' ? GUESSES_BY_ONE : GUESSES_BY_FRESH
  const guesses: Guess[] = []
  let token = await verifyToken(phone)
  let silent = 0
  for (let i = 0; i < most && silent < 4; i++) {
    if (tokens === 'fresh tokens' && i > 0) token = await verifyToken(phone)
    const digits = otherThan(lab, msisdn, 4)
    const made = await guess(
      lab,
      credential,
      token,
      asked === 'whole numbers' ? { number: digits } : { lastDigits: digits.slice(-4) },
    )
    guesses.push(made)
    // Several refusals in a row are the bound.
    silent = made.match === null ? silent + 1 : 0
  }
  return { asked, tokens, guesses }
}

/** The number with other last digits, so many. */
function otherThan(lab: Lab, msisdn: string, digits: number): string {
  const end = msisdn.slice(-digits)
  for (;;) {
    const other = lab.rng.text(digits, '0123456789')
    if (other !== end) return msisdn.slice(0, -digits) + other
  }
}
