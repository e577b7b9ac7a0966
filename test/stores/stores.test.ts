import { afterAll, describe, expect, it } from 'vitest'
import { openStores } from '../../reference-backend/stores/open.ts'
import { startPatient } from '../unit/reference-backend/patient.ts'
import { accountsSuite } from './accounts.suite.ts'
import { ephemeralSuite } from './ephemeral.suite.ts'
import { identitiesSuite } from './identities.suite.ts'
import { DATABASE_URL, embedded, hasServers, LEFT_OUT, type Place, REDIS_URL, servers } from './places.ts'
import { startProxy } from './severable-proxy.ts'

function contract(place: Place): void {
  describe(place.name, () => {
    afterAll(() => place.clear())
    ephemeralSuite(place)
    accountsSuite(place)
    identitiesSuite(place)
  })
}

contract(embedded())

if (hasServers) {
  contract(servers())
  describe('a backend over PostgreSQL + Redis', serversOnly)
} else {
  process.stderr.write(`\n${LEFT_OUT}\n\n`)
  if (process.env.CI === 'true') it('runs over PostgreSQL and Redis too, in CI', () => expect.fail(LEFT_OUT))
  else it.skip(LEFT_OUT)
}

/** What only stores outside the process can promise. */
function serversOnly(): void {
  const place = servers()
  afterAll(() => place.clear())
  const keyPrefix = place.settings.kind === 'postgres+redis' ? place.settings.keyPrefix : ''
  const environment = { DATABASE_URL, REDIS_URL, KEY_PREFIX: keyPrefix, JWT_SECRET: 'a secret of at least thirty-two bytes' }

  it('says so in its identity', async () => {
    const patient = await startPatient(environment)
    expect(patient.backend.identity.stores).toBe('postgres+redis')
    await patient.close()
  })

  it('remembers accounts, spent tokens, spent nonces and ended sessions over a restart', async () => {
    const first = await startPatient(environment)
    const token = first.carriers.token('china-mobile', '13200000001')
    const nonce = await first.nonce()
    const { tokenA, account } = (await first.login('', { token, nonce })).json
    const ended = (await first.login('13200000001')).json.tokenA
    await first.app.inject({ method: 'POST', url: '/v1/logout', headers: { authorization: `Bearer ${ended}` } })
    await first.close()

    const second = await startPatient(environment)
    expect((await second.login('', { token })).json.error.code).toBe('CARRIER_TOKEN_SPENT')
    expect((await second.login('13200000001', { nonce })).json.error.code).toBe('NONCE_UNKNOWN')
    expect((await second.me(ended)).status).toBe(401)
    expect((await second.me(tokenA)).json.account.id).toBe(account.id)
    expect((await second.login('13200000002')).json.created).toBe(true)
    expect((await second.login('13200000001')).json).toMatchObject({ created: false, account })
    await second.close()
  })

  it('is one with a second instance: a nonce of one is taken once by either, and one account is made', async () => {
    const [one, two] = await Promise.all([startPatient(environment), startPatient(environment)])
    const nonce = await one.nonce()
    const racers = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : two).login('13200000003', { nonce }))
    expect((await Promise.all(racers)).filter(answer => answer.status === 200)).toHaveLength(1)
    const first = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? one : two).login('13200000004'))
    const answers = await Promise.all(first)
    expect(answers.map(answer => answer.status)).toEqual(answers.map(() => 200))
    expect(answers.filter(answer => answer.json.created)).toHaveLength(1)
    expect(new Set(answers.map(answer => answer.json.account.id)).size).toBe(1)
    await Promise.all([one.close(), two.close()])
  })

  it('can be started twice at once on an empty database', async () => {
    const fresh = servers()
    const both = await Promise.all([fresh.open(), fresh.open()])
    for (const { accounts } of both) expect(await accounts.account('x')).toBeUndefined()
    await Promise.all(both.flatMap(({ accounts, ephemeral }) => [accounts.close(), ephemeral.close()]))
    await fresh.clear()
  })

  it('does not start when a store cannot be reached', async () => {
    const proxy = await startProxy(REDIS_URL)
    await proxy.cut()
    const dead = { kind: 'postgres+redis', databaseUrl: DATABASE_URL, redisUrl: proxy.url, keyPrefix } as const
    await expect(openStores(dead, Date.now)).rejects.toThrow()
    await expect(openStores({ ...dead, redisUrl: REDIS_URL, databaseUrl: proxy.url }, Date.now)).rejects.toThrow()
  })

  it.each(['DATABASE_URL', 'REDIS_URL'] as const)(
    'answers 503 while %s cannot be reached, and works again afterwards',
    async name => {
      const proxy = await startProxy(environment[name])
      const patient = await startPatient({ ...environment, [name]: proxy.url })
      const nonce = await patient.nonce()
      await proxy.cut()
      // With Redis away there is no nonce to be had, with PostgreSQL away no account.
      const during = name === 'REDIS_URL' ? await patient.post('/v1/nonce', {}) : await patient.login('13200000005', { nonce })
      expect(during).toMatchObject({ status: 503, json: { error: { code: 'STORE_UNAVAILABLE' } } })
      await proxy.mend()
      await expect.poll(async () => (await patient.login('13200000005')).status, { timeout: 20_000 }).toBe(200)
      await patient.close()
      await proxy.cut()
    },
  )
}
