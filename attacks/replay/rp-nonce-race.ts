import { defineAttack, type Exchange, type Handset, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { type Attempt, attemptOf } from '../kit/attempt.ts'
import { fail, inconclusive } from '../kit/judging.ts'
import { type Meeting, meetingOf, met, passRaced, raceBound, raceOn, tooFewShow } from '../kit/racing.ts'
import { loginWith, ownTokens } from '../kit/tokens.ts'

type Round = Meeting & {
  /** Attempts that hold a working credential. */
  winners: Attempt[]
  /** Carrier calls for all tokens of the round, and how many of the tokens they carried: a repeated call is no second login. */
  calls: number[]
  tokensSpent: number
}

type Observation = {
  width: number
  /** As many parallel logins, each with its own number and nonce: how many got in. */
  crowd: { sent: number; gotIn: number }
  rounds: Round[]
}

export default defineAttack<Observation>({
  meta: {
    id: 'rp-nonce-race',
    family: 'replay',
    title: 'Nonce used many times at once',
    about:
      'Releases many logins with one nonce and a fresh carrier token each in the same instant, by holding back the last byte of every request. More than one session, or more than one carrier call, means that the nonce is checked and consumed in two steps.',
    severity: 'high',
    cwe: [367, 362],
    asvs: ['15.4.2', '2.3.4', '6.5.1'],
    api2023: ['API6'],
    has: 'valid tokens of an own number',
    needs: ['nonce', 'oneTap', 'me'],
    alone: true,
    notices: [
      'nonce-single-use=racy',
      'nonce-single-use=reusable',
      'nonce-issued=format-only',
      'nonce-store=nonce-per-instance',
      'nonce-burned-first=nonce-burn-late',
    ],
  },

  async observe(lab) {
    const width = lab.limits.raceWidth
    const crowd = await crowdedLogins(lab, width)
    const rounds = await raceOn(lab.limits, () => oneRound(lab, width), {
      isHit: round => hit(round) !== undefined,
      couldShow,
    })
    return { width, crowd, rounds }
  },

  judge({ width, crowd, rounds }): Judgement {
    for (const [position, round] of rounds.entries()) {
      const kind = hit(round)
      if (kind === undefined) continue
      const evidence = {
        exchanges: round.winners.map(({ exchange }) => exchange),
        journal: round.calls,
        expected: 'one winner and one carrier call',
      }
      const inRound = `in round ${position + 1} of ${width} logins at once`
      return kind === 'second-session'
        ? fail(
            `One nonce gave ${sessions(round)} sessions ${inRound}.`,
            kind,
            `${sessions(round)} replies held different working credentials.`,
            {
              ...evidence,
              observed: `${sessions(round)} sessions, ${round.calls.length} carrier calls`,
            },
          )
        : fail(
            `One nonce took ${round.tokensSpent} tokens to the carrier ${inRound}.`,
            kind,
            'The carrier journal shows calls with several tokens of the round.',
            {
              ...evidence,
              observed: `${round.calls.length} carrier calls`,
            },
          )
    }
    if (crowd.gotIn * 2 <= crowd.sent)
      return inconclusive(
        `Of ${crowd.sent} honest logins at once only ${crowd.gotIn} succeeded, so one winner among replays shows nothing.`,
      )
    const clean = rounds.filter(couldShow)
    if (tooFewShow(clean.length, rounds.length)) {
      const idle = rounds.filter(({ winners }) => winners.length === 0).length
      return inconclusive(
        `Only ${clean.length} of ${rounds.length} rounds could show anything: ${idle} had no winner at all, ${rounds.length - clean.length - idle} left too far apart to race.`,
      )
    }
    return passRaced([raceBound('second winner', clean, width)])
  },
})

function couldShow(round: Round): boolean {
  return round.winners.length > 0 && met(round)
}

function sessions({ winners }: Round): number {
  return new Set(winners.map(({ session }) => session)).size
}

/** One session answered many times over is an idempotent reply, not a second winner. */
function hit(round: Round): 'second-session' | 'carrier-call' | undefined {
  if (sessions(round) > 1) return 'second-session'
  return round.tokensSpent > 1 ? 'carrier-call' : undefined
}

async function oneRound(lab: Lab, width: number): Promise<Round> {
  const tokens = await ownTokens(lab)
  const nonce = await lab.nonce()
  const issued = []
  for (let i = 0; i < width; i++) issued.push(await tokens.next())
  const raced = await lab.race(
    'oneTap',
    issued.map(token => loginWith(token, nonce)),
  )
  const winners = await winnersOf(lab, raced.exchanges)
  const rows = await lab.carrierCalls(issued.map(({ token }) => token))
  return {
    ...meetingOf(raced),
    winners,
    calls: rows.map(({ seq }) => seq),
    tokensSpent: new Set(rows.map(({ token }) => token)).size,
  }
}

async function crowdedLogins(lab: Lab, width: number): Promise<Observation['crowd']> {
  const phones: Handset[] = []
  for (let i = 0; i < width; i++) phones.push(await lab.handset())
  const inputs = []
  for (const phone of phones) inputs.push(loginWith(await phone.authorize(), await lab.nonce()))
  const { exchanges } = await lab.race('oneTap', inputs)
  return { sent: width, gotIn: (await winnersOf(lab, exchanges)).length }
}

async function winnersOf(lab: Lab, exchanges: readonly Exchange[]): Promise<Attempt[]> {
  const winners: Attempt[] = []
  for (const exchange of exchanges) {
    const got = await lab.possess(exchange)
    if (got !== undefined) winners.push(attemptOf('raced', exchange, got))
  }
  return winners
}
