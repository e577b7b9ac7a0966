import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { fail, inconclusive } from '../kit/judging.ts'
import { type Meeting, meetingOf, met, passRaced, raceBound, raceOn } from '../kit/racing.ts'
import { type SessionState, sessionState } from '../kit/sign-in.ts'

type Trade = { exchange: number; status: number; reading: string; session: string | null; refresh: string | null }

type Observation = {
  account: string | null
  /** Honest rotation, one after the other. */
  rotated: Trade[]
  /** The first refresh credential, used once more. */
  reused: Trade | null
  /** What the reuse led to, and the newest honest session after it. */
  thief: SessionState | null
  owner: SessionState | null
  /** One refresh credential used many times at once, another in each round: what came of it. */
  rounds: (Round | null)[]
}

type Round = Meeting & { trades: Trade[] }

const ROTATIONS = 3

export default defineAttack<Observation>({
  meta: {
    id: 'se-refresh-reuse',
    family: 'session',
    title: 'Refresh credential used twice',
    about:
      'Rotates a refresh credential, then uses the old one again; then uses one many times in the same instant. A second successor means that a thief and the owner refresh side by side, for as long as the thief likes.',
    severity: 'high',
    cwe: [294, 613],
    asvs: ['10.4.5', '10.4.8'],
    api2023: ['API2'],
    has: 'a copy of a refresh credential',
    needs: ['oneTap', 'me', 'refresh'],
    notices: ['refresh-rotated=refresh-reusable'],
    alone: true,
  },

  async observe(lab) {
    const exchange = await lab.login(await lab.handset())
    const got = await lab.possess(exchange)
    const first = exchange.reading.kind === 'granted' ? exchange.reading.refreshCredential : undefined
    const empty: Observation = { account: null, rotated: [], reused: null, thief: null, owner: null, rounds: [] }
    if (got === undefined) return empty
    if (first === undefined) return { notApplicable: 'a login of this target gives no refresh credential' }
    let newest: { session: string; refresh: string } | undefined
    const rotated: Trade[] = []
    for (let turn = 0; turn < ROTATIONS; turn++) {
      const { trade, fresh } = await refresh(lab, newest?.refresh ?? first)
      rotated.push(trade)
      if (fresh === undefined) return { ...empty, account: got.account, rotated }
      newest = fresh
    }
    const again = await refresh(lab, first)
    const thief = again.fresh === undefined ? null : await sessionState(lab, again.fresh.session)
    const owner = newest === undefined ? null : await sessionState(lab, newest.session)
    return {
      account: got.account,
      rotated,
      reused: again.trade,
      thief,
      owner,
      rounds: await raceOn(lab.limits, () => race(lab), { isHit: round => successors(round) > 1, couldShow }),
    }
  },

  judge({ account, rotated, reused, thief, owner, rounds }): Judgement {
    if (account === null || rotated.length < ROTATIONS || rotated.some(({ session }) => session === null) || reused === null)
      return inconclusive('An honest login and its honest refreshes did not all succeed.')
    if (thief?.state === 'alive' && !rotated.some(({ refresh }) => refresh === reused.refresh))
      return fail(
        'A refresh credential that had been rotated away gave a new session.',
        'second-session',
        'The credential got for a used refresh credential opens an account.',
        {
          exchanges: [reused.exchange, thief.exchange],
          expected: 'refused, and the whole family revoked',
          observed: `a new session${owner?.state === 'alive' ? ', and the owner notices nothing' : ''}`,
        },
      )
    const doubled = rounds.find(round => successors(round) > 1) ?? null
    if (doubled !== null)
      return fail(
        `One refresh credential gave ${successors(doubled)} successors in ${doubled.trades.length} refreshes at once.`,
        'second-session',
        'The replies held different refresh credentials.',
        {
          exchanges: doubled.trades.filter(({ session }) => session !== null).map(({ exchange }) => exchange),
          expected: 'one successor',
          observed: `${successors(doubled)} successors`,
        },
      )
    if (reused.reading !== 'refused')
      return inconclusive(`The used refresh credential got no plain refusal (status ${reused.status}).`)
    if (owner?.state === 'alive')
      return inconclusive('A used refresh credential was refused, but its family lives on: the thief may be the one who is left.')
    const clean = rounds.filter(round => round !== null).filter(couldShow)
    const [first] = clean
    if (first === undefined)
      return inconclusive(
        'A used refresh credential was refused; used many times at once, it had no successor or did not arrive together.',
      )
    return passRaced(
      [raceBound('second successor', clean, first.trades.length)],
      'A used refresh credential was refused and its session cut.',
    )
  },
})

function couldShow(round: Round | null): boolean {
  return round !== null && successors(round) > 0 && met(round)
}

function successors(round: Round | null): number {
  return new Set(round?.trades.map(({ refresh }) => refresh).filter(text => text !== null)).size
}

async function refresh(lab: Lab, refreshCredential: string) {
  const { id, status, reading } = await lab.send('refresh', { refreshCredential })
  const session = reading.kind === 'granted' ? reading.credential : undefined
  const next = reading.kind === 'granted' ? reading.refreshCredential : undefined
  const fresh = session === undefined || next === undefined ? undefined : { session, refresh: next }
  return { trade: tradeOf(id, status, reading.kind, fresh), fresh }
}

function tradeOf(exchange: number, status: number, reading: string, fresh?: { session: string; refresh: string }): Trade {
  const marks = {
    session: fresh === undefined ? null : fingerprint(fresh.session),
    refresh: fresh === undefined ? null : fingerprint(fresh.refresh),
  }
  return { exchange, status, reading, ...marks }
}

async function race(lab: Lab): Promise<Round | null> {
  const exchange = await lab.login(await lab.handset())
  const refreshCredential = exchange.reading.kind === 'granted' ? exchange.reading.refreshCredential : undefined
  if (refreshCredential === undefined) return null
  const inputs = Array.from({ length: lab.limits.raceWidth }, () => ({ refreshCredential }))
  const result = await lab.race('refresh', inputs)
  const trades = result.exchanges.map(({ id, status, reading }) => {
    const granted = reading.kind === 'granted' ? reading : undefined
    const { credential, refreshCredential: next } = granted ?? {}
    return tradeOf(
      id,
      status,
      reading.kind,
      credential === undefined || next === undefined ? undefined : { session: credential, refresh: next },
    )
  })
  return { ...meetingOf(result), trades }
}
