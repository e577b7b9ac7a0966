import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

const SECRET = 'a secret of at least thirty-two bytes'
const OTHER = 'another secret of thirty-two bytes'

describe.each(['jwt', 'opaque'])('a session of kind %s', session => {
  let patient: Patient
  beforeAll(async () => {
    patient = await startPatient({ SESSION: session, JWT_SECRET: SECRET })
  })
  afterAll(() => patient.close())

  const refresh = (refreshToken: unknown) => patient.post('/v1/refresh', { refreshToken })

  it('goes on with each refresh, five times over', async () => {
    const login = (await patient.login('13740000001')).json
    let { refreshToken } = login
    for (let i = 0; i < 5; i++) {
      const next = (await refresh(refreshToken)).json
      expect((await patient.me(next.tokenA)).json.account.id).toBe(login.account.id)
      expect(next.refreshToken).not.toBe(refreshToken)
      refreshToken = next.refreshToken
    }
  })

  it('ends when a refresh token is used twice: one of the two users stole it', async () => {
    const { refreshToken, tokenA } = (await patient.login('13740000002')).json
    const next = (await refresh(refreshToken)).json
    expect(await refresh(refreshToken)).toMatchObject({ status: 401, json: { error: { code: 'REFRESH_INVALID' } } })
    expect((await refresh(next.refreshToken)).status).toBe(401)
    for (const credential of [tokenA, next.tokenA]) expect((await patient.me(credential)).status).toBe(401)
  })

  it('lets one of 10 win that refresh at once', async () => {
    const { refreshToken } = (await patient.login('13740000003')).json
    const answers = await Promise.all(Array.from({ length: 10 }, () => refresh(refreshToken)))
    expect(answers.filter(answer => answer.status === 200).length).toBeLessThanOrEqual(1)
    expect(answers.filter(answer => answer.status === 401).length).toBeGreaterThanOrEqual(9)
  })

  it('is not refreshed after logout', async () => {
    const { refreshToken, tokenA } = (await patient.login('13740000004')).json
    expect((await patient.call('POST', '/v1/logout', { as: tokenA })).status).toBe(204)
    expect((await refresh(refreshToken)).status).toBe(401)
  })

  it('ends with all others on logout from everywhere, and a later one lives', async () => {
    const [one, two] = [(await patient.login('13740000005')).json, (await patient.login('13740000005')).json]
    const bystander = (await patient.login('13740000006')).json
    expect((await patient.call('POST', '/v1/logout/all', { as: one.tokenA })).status).toBe(204)
    for (const { tokenA, refreshToken } of [one, two]) {
      expect((await patient.me(tokenA)).status).toBe(401)
      expect((await refresh(refreshToken)).status).toBe(401)
    }
    expect((await patient.me(bystander.tokenA)).status).toBe(200)
    expect((await patient.me((await patient.login('13740000005')).json.tokenA)).status).toBe(200)
  })

  it('does not take one kind of token for another', async () => {
    const { refreshToken, tokenA } = (await patient.login('13740000007')).json
    const ticket = await patient.ticket(tokenA, '13740000007')
    for (const other of [refreshToken, ticket, await patient.nonce()]) expect((await patient.me(other)).status).toBe(401)
    for (const other of [tokenA, ticket, await patient.nonce()]) expect((await refresh(other)).status).toBe(401)
  })

  it('gives a new credential whatever the client brings along', async () => {
    const preset = 'A'.repeat(43)
    const login = await patient.login('13740000008', { tokenA: preset, sessionId: preset })
    expect(login.json.tokenA).not.toBe(preset)
    expect((await patient.me(preset)).status).toBe(401)
  })

  it('ends after its hour, is refreshed until its thirty days, and no longer', async () => {
    const { tokenA, refreshToken, expiresInMs } = (await patient.login('13740000009')).json
    expect(expiresInMs).toBe(3_600_000)
    patient.clock.nowMs += 3_600_000
    expect((await patient.me(tokenA)).status).toBe(401)
    patient.clock.nowMs += 29 * 24 * 3_600_000
    const late = (await refresh(refreshToken)).json
    expect((await patient.me(late.tokenA)).status).toBe(200)
    patient.clock.nowMs += 24 * 3_600_000
    expect((await refresh(late.refreshToken)).status).toBe(401)
  })

  it.each([undefined, null, '', 1, [], {}, 'x', 'a b', 'x'.repeat(5000)])('refuses the refresh token %j', async token => {
    expect([400, 401]).toContain((await refresh(token)).status)
  })
})

it('takes tokens of the secret before, and signs with the new one', async () => {
  const before = await startPatient({ JWT_SECRET: OTHER, JWT_KID: 'k1' })
  const old = (await before.login('13740000010')).json.tokenA
  const environment = { JWT_SECRET: SECRET, JWT_KID: 'k2', JWT_PREVIOUS_SECRET: OTHER, JWT_PREVIOUS_KID: 'k1' }
  const after = await startPatient(environment)
  const fresh = (await after.login('13740000010')).json.tokenA
  // The session opens; the account is in the other backend's store.
  expect((await after.me(old)).json.error.code).toBe('ACCOUNT_GONE')
  const kid = (jwt: string): string => JSON.parse(Buffer.from(jwt.split('.')[0]!, 'base64url').toString()).kid
  expect([kid(old), kid(fresh)]).toEqual(['k1', 'k2'])
  const only = await startPatient({ JWT_SECRET: SECRET, JWT_KID: 'k2' })
  expect((await only.me(old)).json.error.code).toBe('CREDENTIAL_INVALID')
  await Promise.all([before.close(), after.close(), only.close()])
})
