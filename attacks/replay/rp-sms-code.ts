import { defineAttack, type Exchange, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Attempt, attemptOf, isRefusal } from '../kit/attempt.ts'
import { codeFor } from '../kit/codes.ts'
import { evidenceOf, fail, inconclusive } from '../kit/judging.ts'
import { type Meeting, meetingOf, met, passRaced, raceBound, raceOn } from '../kit/racing.ts'

type Observation = {
  /** A code used, then used again. Null when no code came. */
  first: Attempt | null
  again: Attempt | null
  width: number
  /** One code used many times at once, each round for a number of its own: who got in. Null when no code came. */
  rounds: (Round | null)[]
}

type Round = Meeting & { winners: Attempt[] }

/** Messages cost, and targets bound them. */
const MOST_ROUNDS = 6

export default defineAttack<Observation>({
  meta: {
    id: 'rp-sms-code',
    family: 'replay',
    title: 'SMS code used twice',
    about:
      'Logs in with the code from a text message, then with the same code again; then with one code many times in the same instant. A second session means that a code seen over a shoulder is as good as the phone.',
    severity: 'high',
    cwe: [294, 613],
    asvs: ['6.5.1', '6.5.5', '6.6.2'],
    api2023: ['API2'],
    has: 'a code that was used already, or is being used right now',
    needs: ['oneTap', 'me', 'smsSend', 'smsLogin'],
    notices: ['code-vault=sms-code-reusable', 'code-vault=sms-code-no-ttl-or-racy'],
    alone: true,
  },

  async observe(lab) {
    const width = lab.limits.raceWidth
    const serial = await onePhone(lab)
    if (serial === undefined) return { first: null, again: null, width, rounds: [] }
    const first = await attempt(lab, 'first use', await lab.send('smsLogin', serial))
    const again = await attempt(lab, 'second use', await lab.send('smsLogin', serial))
    const rounds = await raceOn(lab.limits, () => oneRound(lab, width), {
      isHit: round => sessions(round) > 1,
      couldShow,
      atMost: MOST_ROUNDS,
    })
    return { first, again, width, rounds }
  },

  judge({ first, again, width, rounds }): Judgement {
    if (first === null || first.account === null || again === null)
      return inconclusive('No code came, or it did not log in even once.')
    if (again.account !== null && again.session !== first.session)
      return fail(
        'A code from a text message logged in twice.',
        'second-session',
        'The second use was given a session of its own.',
        {
          ...evidenceOf([first, again]),
          expected: 'refused',
          observed: 'a second session',
        },
      )
    const doubled = rounds.find(round => sessions(round) > 1) ?? null
    if (doubled !== null)
      return fail(
        `One code gave ${sessions(doubled)} sessions in ${width} logins at once.`,
        'second-session',
        `${sessions(doubled)} replies held different working credentials.`,
        { ...evidenceOf(doubled.winners), expected: 'one winner', observed: `${sessions(doubled)} sessions` },
      )
    if (again.account !== null || !isRefusal(again))
      return inconclusive(`The second use of a code got no plain refusal (status ${again.status}).`)
    const clean = rounds.filter(round => round !== null).filter(couldShow)
    if (clean.length === 0)
      return inconclusive('A used code was refused; used many times at once, it had no winner or did not arrive together.')
    return passRaced([raceBound('second winner', clean, width)], 'A used code was refused.')
  },
})

function couldShow(round: Round | null): boolean {
  return round !== null && round.winners.length > 0 && met(round)
}

function sessions(round: Round | null): number {
  return new Set(round?.winners.map(({ session }) => session)).size
}

async function oneRound(lab: Lab, width: number): Promise<Round | null> {
  const use = await onePhone(lab)
  if (use === undefined) return null
  const result = await lab.race(
    'smsLogin',
    Array.from({ length: width }, () => use),
  )
  const winners: Attempt[] = []
  for (const exchange of result.exchanges) {
    const raced = await attempt(lab, 'raced', exchange)
    if (raced.account !== null) winners.push(raced)
  }
  return { ...meetingOf(result), winners }
}

async function onePhone(lab: Lab): Promise<{ number: string; code: string } | undefined> {
  const { msisdn: number } = (await lab.handset()).sim
  const code = await codeFor(lab, number, 'login')
  return code === undefined ? undefined : { number, code }
}

async function attempt(lab: Lab, variant: string, exchange: Exchange): Promise<Attempt> {
  return attemptOf(variant, exchange, await lab.possess(exchange))
}
