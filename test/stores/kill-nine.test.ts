import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type FakeCarriers, startFakeCarriers } from '../unit/reference-backend/fake-carriers.ts'
import { APP_IDS } from '../unit/reference-backend/patient.ts'
import { type BackendProcess, startBackendProcess } from './backend-process.ts'
import { DATABASE_URL, hasServers, LEFT_OUT, REDIS_URL, servers } from './places.ts'

/** Each number logs in from two devices at once. */
const NUMBERS = 500
/**
 * The backend is killed when so many of the thousand logins were answered, and so many of the three hundred that begin at the
 * first answer wait for a carrier that says nothing any more: others are at their account, their nonce, or not yet read.
 */
const ANSWERED_FIRST = 250
const LATE_BEGINNERS = 300
const AT_THE_CARRIER = 100
const CARRIER_MS = 150

interface Attempt {
  number: string
  nonce: string
  /** Every carrier token presented with the nonce. */
  tokens: string[]
}

interface Granted {
  attempt: Attempt
  tokenA: string
  account: string
}

if (hasServers) describe('a backend that is killed amid a thousand logins and started again', killed)
else it.skip(LEFT_OUT)

function killed(): void {
  const place = servers()
  let carriers: FakeCarriers
  let backend: BackendProcess
  let attempts: Attempt[]
  let granted: Granted[]
  let broken: Attempt[]

  beforeAll(async () => {
    carriers = await startFakeCarriers()
    const keyPrefix = place.settings.kind === 'postgres+redis' ? place.settings.keyPrefix : ''
    const jwt = { JWT_SECRET: 'a secret of at least thirty-two bytes' }
    const environment = { ...carriers.environment, ...jwt, DATABASE_URL, REDIS_URL, KEY_PREFIX: keyPrefix }
    backend = await startBackendProcess(environment)
    attempts = await Promise.all(Array.from({ length: 2 * NUMBERS }, (_, index) => prepared(numberOf(index % NUMBERS))))
    carriers.trouble = { kind: 'late', ms: CARRIER_MS, once: false }
    ;({ granted, broken } = await logInUntilKilled())
    carriers.trouble = undefined
    backend = await startBackendProcess(environment)
  })
  afterAll(async () => {
    await backend?.end('SIGTERM')
    await carriers?.close()
    await place.clear()
  })

  async function prepared(number: string): Promise<Attempt> {
    const { json } = await post('/v1/nonce', {})
    return { number, nonce: String(json.nonce), tokens: [] }
  }

  async function logInUntilKilled(): Promise<{ granted: Granted[]; broken: Attempt[] }> {
    const outcome = { granted: [] as Granted[], broken: [] as Attempt[] }
    const firstAnswer = Promise.withResolvers<void>()
    const one = async (attempt: Attempt, index: number): Promise<void> => {
      if (index >= attempts.length - LATE_BEGINNERS) await firstAnswer.promise
      const answer = await logIn(attempt).catch(() => undefined)
      if (answer?.status !== 200) {
        outcome.broken.push(attempt)
        return
      }
      outcome.granted.push({ attempt, tokenA: answer.json.tokenA, account: answer.json.account.id })
      carriers.trouble = { kind: 'hang' }
      firstAnswer.resolve()
    }
    const all = Promise.all(attempts.map(one))
    const asked = (): number => carriers.calls.length - (attempts.length - LATE_BEGINNERS)
    await vi.waitUntil(() => outcome.granted.length >= ANSWERED_FIRST && asked() >= AT_THE_CARRIER, {
      timeout: 20_000,
      interval: 5,
    })
    await backend.end('SIGKILL')
    await all
    return outcome
  }

  /** With a fresh carrier token each time: only the nonce is old. */
  function logIn(attempt: Attempt): Promise<Answer> {
    const token = carriers.token('china-mobile', attempt.number)
    attempt.tokens.push(token)
    const { nonce } = attempt
    return post('/v1/login/one-tap', { carrier: 'china-mobile', appId: APP_IDS['china-mobile'], token, nonce })
  }

  async function post(path: string, body: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json' }
    const reply = await fetch(backend.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: reply.status, json: await reply.json() }
  }

  async function accountOf(tokenA: string): Promise<string | undefined> {
    const reply = await fetch(`${backend.url}/v1/me`, { headers: { authorization: `Bearer ${tokenA}` } })
    const { account } = (await reply.json()) as { account?: { id: string } }
    return account?.id
  }

  it('was killed in the middle: hundreds were answered, hundreds were not', () => {
    expect(granted.length).toBeGreaterThanOrEqual(ANSWERED_FIRST)
    expect(broken.length).toBeGreaterThan(100)
  })

  it('keeps every session that was answered', async () => {
    const accounts = await Promise.all(granted.map(({ tokenA }) => accountOf(tokenA)))
    expect(accounts).toEqual(granted.map(({ account }) => account))
  })

  it('has made one account for each number at most, and none without a number', async () => {
    const client = new pg.Client({ connectionString: DATABASE_URL })
    await client.connect()
    const schema = pg.escapeIdentifier(place.settings.kind === 'postgres+redis' ? place.settings.keyPrefix : '')
    const { rows } = await client.query(
      `SELECT (SELECT count(*) FROM ${schema}.user_basic) AS accounts,
        (SELECT count(*) FROM ${schema}.user_authorization) AS identities,
        (SELECT count(DISTINCT identifier) FROM ${schema}.user_authorization WHERE identity_type = 'phone') AS numbers,
        (SELECT count(DISTINCT user_id) FROM ${schema}.user_authorization) AS owners`,
    )
    await client.end()
    const [counts = {}] = rows as Record<string, string>[]
    expect(new Set(Object.values(counts)).size, JSON.stringify(counts)).toBe(1)
    expect(Number(counts.numbers)).toBeGreaterThanOrEqual(new Set(granted.map(({ account }) => account)).size)
    expect(new Set(granted.map(({ attempt }) => attempt.number)).size).toBe(new Set(granted.map(({ account }) => account)).size)
  })

  it('lets no nonce live twice: no carrier is asked a second time for it', async () => {
    const again = await Promise.all(attempts.map(logIn))
    const answered = new Set(granted.map(({ attempt }) => attempt))
    const statuses = attempts.map((attempt, index) => ({ answered: answered.has(attempt), status: again[index]?.status }))
    expect(statuses.filter(one => one.answered && one.status !== 401)).toEqual([])
    expect(statuses.filter(({ status }) => status !== 401 && status !== 200)).toEqual([])
    expect((await Promise.all(attempts.map(logIn))).filter(({ status }) => status !== 401)).toEqual([])
    const asked = new Set(carriers.calls.map(({ token }) => token))
    expect(attempts.filter(({ tokens }) => tokens.filter(token => asked.has(token)).length > 1)).toEqual([])
  })

  it('knows each number it answered, and takes in those it did not', async () => {
    const fresh = await Promise.all(Array.from({ length: NUMBERS }, (_, index) => prepared(numberOf(index))))
    const answers = await Promise.all(fresh.map(logIn))
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
    const now = new Map(fresh.map(({ number }, index) => [number, answers[index]?.json.account.id]))
    expect(granted.filter(({ attempt, account }) => now.get(attempt.number) !== account)).toEqual([])
    expect(new Set(now.values()).size).toBe(NUMBERS)
  })
}

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: replies of every shape
  json: any
}

function numberOf(index: number): string {
  return `1340000${String(index).padStart(4, '0')}`
}
