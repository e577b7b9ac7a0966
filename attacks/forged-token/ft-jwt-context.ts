import { defineAttack, type Judgement } from '../../src/contract/attack.ts'
import { fail, inconclusive, pass } from '../kit/judging.ts'
import { type SessionState, sessionState } from '../kit/sign-in.ts'

type Misuse = { name: string } & SessionState

type Observation = {
  account: string | null
  /** Values of another kind shown where a credential belongs. */
  asCredential: Misuse[]
  /** A credential, and values of other kinds, where a refresh credential belongs: refused, or what they were traded for. */
  asRefresh: { name: string; exchange: number; state: SessionState['state'] }[]
  /** Each in its own place, afterwards. */
  genuine: { credential: SessionState; refreshed: boolean }
}

export default defineAttack<Observation>({
  meta: {
    id: 'ft-jwt-context',
    family: 'forged-token',
    title: 'Right key, wrong purpose',
    about:
      'Shows a refresh credential where a session credential belongs, the reverse, and a nonce in both places. Success means that everything the backend signs is good for everything, and that a short life is none.',
    severity: 'high',
    cwe: [287, 345],
    asvs: ['9.2.2', '9.2.3', '9.2.4'],
    api2023: ['API2'],
    has: 'an own session with a refresh credential',
    needs: ['oneTap', 'me', 'refresh'],
    notices: ['jwt-claims=ticket-confusion'],
  },

  async observe(lab) {
    const exchange = await lab.login(await lab.handset())
    const got = await lab.possess(exchange)
    const { reading } = exchange
    if (got !== undefined && reading.kind === 'granted' && reading.refreshCredential === undefined)
      return { notApplicable: 'a login of this target gives no refresh credential' }
    const refreshCredential = reading.kind === 'granted' ? reading.refreshCredential : undefined
    const none: SessionState = { exchange: exchange.id, state: 'unclear', account: null }
    if (got === undefined || refreshCredential === undefined)
      return { account: null, asCredential: [], asRefresh: [], genuine: { credential: none, refreshed: false } }
    const nonce = (await lab.nonce()) ?? 'no-nonce-operation'
    const asCredential: Misuse[] = []
    for (const [name, credential] of [
      ['refresh credential', refreshCredential],
      ['nonce', nonce],
    ] as const)
      asCredential.push({ name, ...(await sessionState(lab, credential)) })
    const asRefresh: Observation['asRefresh'] = []
    for (const [name, value] of [
      ['session credential', got.credential],
      ['nonce', nonce],
    ] as const) {
      const traded = await lab.send('refresh', { refreshCredential: value })
      const fresh = traded.reading.kind === 'granted' ? traded.reading.credential : undefined
      const { state } = fresh === undefined ? { state: 'dead' as const } : await sessionState(lab, fresh)
      const unclear = traded.reading.kind === 'failed' || traded.status === 429
      asRefresh.push({ name, exchange: traded.id, state: unclear ? 'unclear' : state })
    }
    const credential = await sessionState(lab, got.credential)
    const refreshed = (await lab.send('refresh', { refreshCredential })).reading.kind === 'granted'
    return { account: got.account, asCredential, asRefresh, genuine: { credential, refreshed } }
  },

  judge({ account, asCredential, asRefresh, genuine }): Judgement {
    if (account === null) return inconclusive('The honest login this attack starts from did not succeed.')
    const misused = [...asCredential, ...asRefresh].filter(({ state }) => state === 'alive')
    const [first] = misused
    if (first !== undefined)
      return fail(
        `A ${first.name} was taken for what it is not.`,
        'credential',
        `A ${first.name} in another place than its own led to a credential that opens an account.`,
        {
          exchanges: misused.map(({ exchange }) => exchange),
          expected: 'each value good in its own place only',
          observed: misused.map(({ name }) => name).join(', '),
        },
      )
    if ([...asCredential, ...asRefresh].some(({ state }) => state === 'unclear'))
      return inconclusive('A value in the wrong place got no clear answer.')
    if (genuine.credential.state !== 'alive' || !genuine.refreshed)
      return inconclusive('Values in wrong places were refused, but so were they in their own.')
    return pass(
      'Session credential, refresh credential and nonce were each refused in the place of another, and taken in their own.',
    )
  },
})
