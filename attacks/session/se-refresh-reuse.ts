import { defineAttack, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { fingerprint } from '../kit/fingerprint.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
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
  /** One refresh credential used many times at once: what came of it. */
  raced: Trade[]
}

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
    const empty: Observation = { account: null, rotated: [], reused: null, thief: null, owner: null, raced: [] }
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
    return { account: got.account, rotated, reused: again.trade, thief, owner, raced: await race(lab) }
  },

  judge({ account, rotated, reused, thief, owner, raced }): Judgement {
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
    const successors = new Set(raced.map(({ refresh }) => refresh).filter(text => text !== null))
    if (successors.size > 1)
      return fail(
        `One refresh credential gave ${successors.size} successors in ${raced.length} refreshes at once.`,
        'second-session',
        'The replies held different refresh credentials.',
        {
          exchanges: raced.filter(({ session }) => session !== null).map(({ exchange }) => exchange),
          expected: 'one successor',
          observed: `${successors.size} successors`,
        },
      )
    if (reused.reading !== 'refused')
      return inconclusive(`The used refresh credential got no plain refusal (status ${reused.status}).`)
    if (owner?.state === 'alive')
      return inconclusive('A used refresh credential was refused, but its family lives on: the thief may be the one who is left.')
    return pass(
      `A used refresh credential was refused and its session cut; of ${raced.length} at once ${successors.size} had a successor.`,
    )
  },
})

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

async function race(lab: Lab): Promise<Trade[]> {
  const exchange = await lab.login(await lab.handset())
  const refreshCredential = exchange.reading.kind === 'granted' ? exchange.reading.refreshCredential : undefined
  if (refreshCredential === undefined) return []
  const inputs = Array.from({ length: lab.limits.raceWidth }, () => ({ refreshCredential }))
  const { exchanges } = await lab.race('refresh', inputs)
  return exchanges.map(({ id, status, reading }) => {
    const granted = reading.kind === 'granted' ? reading : undefined
    const { credential, refreshCredential: next } = granted ?? {}
    return tradeOf(
      id,
      status,
      reading.kind,
      credential === undefined || next === undefined ? undefined : { session: credential, refresh: next },
    )
  })
}
