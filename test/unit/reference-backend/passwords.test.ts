import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { passwordHasher } from '../../../reference-backend/password-hash.ts'
import { type Patient, startPatient } from './patient.ts'

let patient: Patient
beforeAll(async () => {
  patient = await startPatient()
})
afterAll(() => patient.close())

const OLD = 'correct horse'
const NEW = 'battery staple'

/** An account with a password, logged in by one tap. */
async function owner(number: string, password = OLD): Promise<{ tokenA: string; id: string }> {
  const { tokenA, account } = (await patient.login(number)).json
  const headers = { 'x-reauth': await patient.ticket(tokenA, number) }
  expect((await patient.call('PUT', '/v1/password', { as: tokenA, headers, body: { password } })).status).toBe(204)
  return { tokenA, id: account.id }
}

const logIn = (identifier: string, password: string) => patient.post('/v1/login/password', { identifier, password })

describe('a password', () => {
  it('logs in by the number in whichever spelling, to the same account', async () => {
    const { id } = await owner('13720000001')
    for (const identifier of ['13720000001', '+8613720000001'])
      expect((await logIn(identifier, OLD)).json).toMatchObject({ created: false, account: { id } })
  })

  it('is compared whole, case and blanks included', async () => {
    await owner('13720000002')
    for (const password of ['Correct horse', 'correct horse ', ' correct horse', 'correct', `${OLD}\0`])
      expect((await logIn('13720000002', password)).status).toBe(401)
  })

  it('is set with fresh proof only', async () => {
    const { tokenA } = (await patient.login('13720000003')).json
    const put = (body: unknown, headers = {}) => patient.call('PUT', '/v1/password', { as: tokenA, body, headers })
    expect(await put({ password: OLD })).toMatchObject({ status: 403, json: { error: { code: 'REAUTH_REQUIRED' } } })
    for (const ticket of ['x', 'A'.repeat(43), tokenA])
      expect((await put({ password: OLD }, { 'x-reauth': ticket })).status).toBe(401)
    expect((await put({ password: OLD, oldPassword: 'none there yet' })).status).toBe(401)
    expect((await put({ password: OLD, code: '000000' })).status).toBe(401)
    expect((await put({ password: OLD, code: await patient.smsCode('13720000003', 'confirm') })).status).toBe(204)
    expect((await put({ password: NEW, oldPassword: OLD })).status).toBe(204)
    expect((await logIn('13720000003', OLD)).status).toBe(401)
    expect((await logIn('13720000003', NEW)).status).toBe(200)
  })

  it('that changes ends every session but the one that changed it, refresh tokens included', async () => {
    const { tokenA } = await owner('13720000004')
    const other = (await patient.login('13720000004')).json
    expect((await patient.call('PUT', '/v1/password', { as: tokenA, body: { password: NEW, oldPassword: OLD } })).status).toBe(
      204,
    )
    expect((await patient.me(tokenA)).status).toBe(200)
    expect((await patient.me(other.tokenA)).status).toBe(401)
    expect((await patient.post('/v1/refresh', { refreshToken: other.refreshToken })).status).toBe(401)
    expect((await patient.me((await logIn('13720000004', NEW)).json.tokenA)).status).toBe(200)
  })

  it('is reset by a code, and then every session ends', async () => {
    const { tokenA } = await owner('13720000005')
    const code = await patient.smsCode('13720000005', 'reset')
    const reset = (body: Record<string, unknown>) =>
      patient.post('/v1/password/reset', { number: '13720000005', password: NEW, ...body })
    expect((await reset({ code: 'x' })).status).toBe(400)
    expect((await reset({ codeVerified: true, code: code === '111111' ? '222222' : '111111' })).status).toBe(401)
    expect((await reset({ code })).status).toBe(204)
    expect((await reset({ code })).status).toBe(401)
    expect((await patient.me(tokenA)).status).toBe(401)
    expect((await logIn('13720000005', OLD)).status).toBe(401)
    expect((await logIn('13720000005', NEW)).status).toBe(200)
  })

  it('is one for all identifiers of the account', async () => {
    const { tokenA } = await owner('13720000006')
    const headers = { 'x-reauth': await patient.ticket(tokenA, '13720000006') }
    await patient.call('POST', '/v1/identities', { as: tokenA, headers, body: { type: 'email', email: 'Six@Example.com' } })
    const code = patient.backend.outbox.sent.at(-1)?.code
    const verified = { as: tokenA, body: { email: 'six@example.com', code } }
    expect((await patient.call('POST', '/v1/identities/email/verify', verified)).status).toBe(201)
    expect((await logIn('SIX@example.com', OLD)).status).toBe(200)
    await patient.call('PUT', '/v1/password', { as: tokenA, body: { password: NEW, oldPassword: OLD } })
    expect((await logIn('six@example.com', OLD)).status).toBe(401)
    expect((await logIn('six@example.com', NEW)).status).toBe(200)
  })
})

it('answers alike, after the same work, whoever is asked for', async () => {
  await owner('13720000007')
  await patient.login('13720000008')
  const { hasher } = patient.backend.flows
  const answers = []
  for (const identifier of ['13720000007', '13720000008', '13720000099', 'nobody@example.com']) {
    const before = hasher.rounds
    answers.push((await logIn(identifier, 'wrong password')).text)
    expect(hasher.rounds - before).toBe(1)
  }
  expect(new Set(answers).size).toBe(1)
})

it('stops guesses at an identifier and of a source, and still lets the owner in by one tap', async () => {
  const small = await startPatient({ LIMITS: 'password-identifier-hour=3,password-source-minute=5' })
  const { account } = (await small.login('13720000009')).json
  const guess = (from: string, identifier = '13720000009') =>
    small.call('POST', '/v1/login/password', { body: { identifier, password: 'wrong password' }, from })
  const many = await Promise.all(Array.from({ length: 6 }, (_, i) => guess(`192.0.2.${i}`)))
  expect(many.filter(answer => answer.status === 401)).toHaveLength(3)
  expect(many.filter(answer => answer.status === 429)).toHaveLength(3)
  expect((await small.login('13720000009')).json.account).toEqual(account)
  const spray = []
  for (let i = 0; i < 6; i++) spray.push((await guess('192.0.2.99', `1372000100${i}`)).status)
  expect(spray).toEqual([401, 401, 401, 401, 401, 429])
  await small.close()
})

it.each(['short', '', 'x'.repeat(129), 12345678, null, ['long enough'], { $gt: '' }])(
  'does not take %j for a new password',
  async password => {
    const { tokenA } = (await patient.login('13720000010')).json
    expect((await patient.call('PUT', '/v1/password', { as: tokenA, body: { password, oldPassword: OLD } })).status).toBe(400)
  },
)

it.each(['', 'x', '@', 'a@', 'a b@example.com', 'x'.repeat(300), 1, null, ['a@b.c'], { $ne: null }, 'a@b\0.c'])(
  'does not take %j for an identifier',
  async identifier => {
    expect((await patient.post('/v1/login/password', { identifier, password: OLD })).status).toBe(400)
  },
)

it('keeps hashes that differ for one password, and reads what it wrote', async () => {
  const hasher = passwordHasher()
  const [one, two] = [await hasher.hash(OLD), await hasher.hash(OLD)]
  expect(one).toMatch(/^argon2id\$19456\$2\$1\$[\w-]{22}\$[\w-]{43}$/)
  expect(one).not.toBe(two)
  expect(await hasher.matches(OLD, one)).toBe(true)
  expect(await hasher.matches(NEW, one)).toBe(false)
  expect(await hasher.matches(OLD, undefined)).toBe(false)
  // One letter, written as one sign or as two.
  expect(await hasher.matches('e\u0301lan vital', await hasher.hash('\u00e9lan vital'))).toBe(true)
})
