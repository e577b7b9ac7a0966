import { defineAttack, type Exchange, type Judgement, type Lab } from '../../src/contract/attack.ts'
import { isRefusal } from '../kit/attempt.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type Login, loginOf, type SessionState, type SignedIn, sessionState, signIn, waitForEnd } from '../kit/sign-in.ts'
import { loginWith } from '../kit/tokens.ts'

type Round = {
  former: Login
  /** Null when the former owner could not log in and nothing was done. */
  notice: { exchange: number; status: number; accepted: boolean } | null
  /** What the former owner's credentials open in the end: the one from before, and the one got during the notice. */
  left: SessionState[]
  /** The new owner's login during the notice, and whether that session still lives. Null where nobody can be asked about numbers. */
  during: { login: Login; alive: boolean } | null
  /** The new owner's login afterwards. */
  after: Login | null
}
type Observation = { rounds: Round[]; withinMs: number }

const ROUNDS = 8
/** Services that are asked about numbers count in seconds. */
const APART_MS = 2100
/** Between the requests of a round, so that each order of them is met. */
const STAGGER_MS = [0, 1, 4, 10, 25, 60, 150, 400]

export default defineAttack<Observation>({
  meta: {
    id: 'nr-notify-race',
    family: 'number-reuse',
    title: 'Notice, refresh and login at the same moment',
    about:
      'While the carrier’s notice of a new owner arrives, the former owner refreshes and the new one logs in. A credential of the former owner that outlives the notice, or a new owner who is cut or led into the old account, means that these three get in each other’s way.',
    severity: 'high',
    cwe: [362],
    asvs: ['15.4.2'],
    api2023: ['API2'],
    has: 'a session obtained with a number that is being given to somebody else',
    needs: ['oneTap', 'me', 'rebind'],
    notices: [
      'reissue-unbinds=keeps-sessions',
      'reissue-unbinds=ignored',
      'notice-order=notify-no-order',
      'notice-order=notify-not-idempotent',
    ],
  },

  async observe(lab) {
    const rounds = await Promise.all(Array.from({ length: ROUNDS }, (_, round) => oneRound(lab, STAGGER_MS[round] ?? 0)))
    return { rounds, withinMs: lab.limits.revocationWithinMs }
  },

  judge({ rounds, withinMs }): Judgement {
    const told = rounds.filter(({ notice }) => notice?.accepted === true)
    if (told.length * 2 <= rounds.length)
      return inconclusive(`The notice was taken in ${told.length} of ${rounds.length} rounds only.`)
    for (const { former, left, during, after } of told) {
      const alive = left.filter(({ state }) => state === 'alive')
      if (alive.length > 0)
        return fail(
          `${withinMs} ms after a notice that met a refresh, the former owner was still logged in.`,
          'session-alive',
          'A credential of the former owner still opens an account.',
          { exchanges: alive.map(({ exchange }) => exchange), expected: `refused within ${withinMs} ms`, observed: 'alive' },
        )
      const taken = [during?.login, after].find(login => login?.account === former.account)
      if (taken)
        return fail(
          'A new owner who logged in while the notice arrived reached the former owner’s account.',
          'account-exposed',
          'The new owner’s credential opens the account that the former owner made.',
          { exchanges: [former.exchange, taken.exchange], expected: 'an account of their own', observed: 'the former owner’s' },
        )
      if (during !== null && !during.alive && during.login.account !== null && after?.account !== during.login.account)
        return fail(
          'A new owner who logged in while the notice arrived was cut by it.',
          'lock-out',
          'The new owner’s session is dead and the next login leads to another account.',
          {
            exchanges: [during.login.exchange, after?.exchange ?? during.login.exchange],
            expected: 'the account stays the new owner’s',
            observed: 'another account',
          },
        )
    }
    if (told.some(({ left }) => left.some(({ state }) => state === 'unclear')))
      return inconclusive('It could not be told whether the former owner’s credentials still live.')
    const shut = told.filter(({ after }) => after?.account === null && !isRefusal(after))
    if (shut.length > 0) return inconclusive('A new owner’s login after the notice got no clear answer.')
    return pass(`In ${told.length} rounds a notice that met a refresh and a login cut the former owner and nobody else.`)
  },
})

async function oneRound(lab: Lab, staggerMs: number): Promise<Round> {
  const phone = await lab.handset()
  const exchange = await lab.login(phone)
  const got = await lab.possess(exchange)
  const { id, status, reading } = exchange
  const former: Login = { exchange: id, status, reading: reading.kind, account: got?.account ?? null }
  if (got === undefined) return { former, notice: null, left: [], during: null, after: null }
  const refreshCredential = reading.kind === 'granted' ? reading.refreshCredential : undefined
  const asks = lab.traits.asksSubscriber !== undefined && lab.providers.includes(lab.traits.asksSubscriber)
  if (asks) await wait(lab, APART_MS)
  const moved = await lab.life('reissued', phone)
  if (asks) await wait(lab, APART_MS)
  const login = asks ? loginWith(await moved.handset.authorize(), await lab.nonce()) : undefined
  const [told, refreshed, entered] = await Promise.all([
    later(lab, staggerMs, () => lab.rebind(moved.notice)),
    refreshCredential === undefined || !lab.has('refresh')
      ? undefined
      : later(lab, staggerMs / 2, () => lab.send('refresh', { refreshCredential })),
    login === undefined ? undefined : lab.oneTap(login),
  ])
  const credentials = [got.credential, credentialOf(refreshed)].flatMap(one => (one === undefined ? [] : [one]))
  const left = []
  for (const credential of credentials) left.push(await waitForEnd(lab, credential, lab.limits.revocationWithinMs))
  const during = entered === undefined ? null : await entry(lab, entered)
  const after: SignedIn = await signIn(lab, moved.handset)
  return {
    former,
    notice: { exchange: told.id, status: told.status, accepted: told.reading.kind === 'granted' },
    left,
    during,
    after: loginOf(after),
  }
}

/** Cut before anybody could look, a login still said which account it had made. */
async function entry(lab: Lab, exchange: Exchange): Promise<NonNullable<Round['during']>> {
  const got = await lab.possess(exchange)
  const { id, status, reading } = exchange
  const said = reading.kind === 'granted' ? reading.account : undefined
  const login: Login = { exchange: id, status, reading: reading.kind, account: got?.account ?? said ?? null }
  return { login, alive: got !== undefined && (await sessionState(lab, got.credential)).state === 'alive' }
}

function credentialOf(exchange: Exchange | undefined): string | undefined {
  return exchange?.reading.kind === 'granted' ? exchange.reading.credential : undefined
}

async function later<Result>(lab: Lab, ms: number, work: () => Promise<Result>): Promise<Result> {
  if (ms > 0) await wait(lab, ms)
  return work()
}

function wait(lab: Lab, ms: number): Promise<boolean> {
  return lab.eventually(async () => false, ms)
}
