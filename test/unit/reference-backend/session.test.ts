import { importJWK, jwtVerify, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Patient, startPatient } from './patient.ts'

const SECRET = 'a secret of at least thirty-two bytes'

async function logout(patient: Patient, tokenA: string): Promise<number> {
  const headers = { authorization: `Bearer ${tokenA}` }
  return (await patient.app.inject({ method: 'POST', url: '/v1/logout', headers })).statusCode
}

describe.each(['jwt', 'opaque'])('a session of kind %s', session => {
  let patient: Patient
  beforeAll(async () => {
    patient = await startPatient({ SESSION: session, JWT_SECRET: SECRET })
  })
  afterAll(() => patient.close())

  it('opens its own account until logged out, and only that session ends', async () => {
    const [one, two] = [await patient.login('13700000001'), await patient.login('13700000001')]
    expect((await patient.me(one.json.tokenA)).json.account.id).toBe(one.json.account.id)
    expect(await logout(patient, one.json.tokenA)).toBe(204)
    expect((await patient.me(one.json.tokenA)).status).toBe(401)
    expect(await logout(patient, one.json.tokenA)).toBe(401)
    expect((await patient.me(two.json.tokenA)).status).toBe(200)
  })

  it('opens nothing when it is missing, invented or changed', async () => {
    const { tokenA } = (await patient.login('13700000002')).json
    const flipped = tokenA.slice(0, 10) + (tokenA[10] === 'A' ? 'B' : 'A') + tokenA.slice(11)
    for (const bad of ['', 'x', 'a.b.c', 'a.b', '...', flipped, `${tokenA}x`, tokenA.slice(0, -3), tokenA.slice(0, -1)]) {
      expect((await patient.me(bad)).status, bad).toBe(401)
    }
    expect((await patient.app.inject({ url: '/v1/me' })).statusCode).toBe(401)
    expect((await patient.app.inject({ url: '/v1/me', headers: { authorization: `Basic ${tokenA}` } })).statusCode).toBe(401)
    expect((await patient.me(tokenA)).status).toBe(200)
  })
})

describe('a JWT', () => {
  let patient: Patient
  beforeAll(async () => {
    patient = await startPatient({ JWT_SECRET: SECRET })
  })
  afterAll(() => patient.close())

  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

  it.each(['none', 'None', 'NONE', '', null, ['none'], 'HS384', 'RS256', undefined])(
    'is refused when its alg says %j',
    async alg => {
      const { tokenA } = (await patient.login('13700000003')).json
      const [, payload, mac] = tokenA.split('.')
      for (const end of ['', '.', `.${mac}`]) expect((await patient.me(`${part({ alg })}.${payload}${end}`)).status).toBe(401)
    },
  )

  it('is refused when its payload is another’s under the old signature', async () => {
    const mine = (await patient.login('13700000004')).json.tokenA.split('.')
    const theirs = (await patient.login('13700000005')).json.tokenA.split('.')
    expect((await patient.me(`${mine[0]}.${theirs[1]}.${mine[2]}`)).status).toBe(401)
  })

  it('is refused when it has ended or lacks a claim of ours, though rightly signed', async () => {
    const { tokenA } = (await patient.login('13700000006')).json
    const [header, claims] = tokenA.split('.', 2).map((text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()))
    const sign = (payload: Record<string, unknown>): Promise<string> =>
      new SignJWT(payload).setProtectedHeader(header).sign(new TextEncoder().encode(SECRET))
    expect((await patient.me(await sign(claims))).status).toBe(200)
    expect((await patient.me(await sign({ ...claims, exp: 1 }))).status).toBe(401)
    for (const claim of ['exp', 'nbf', 'iat', 'iss', 'aud', 'sub', 'jti', 'idn', 'sid', 'epo', 'end']) {
      expect((await patient.me(await sign({ ...claims, [claim]: undefined }))).status, claim).toBe(401)
      expect((await patient.me(await sign({ ...claims, [claim]: '\0' }))).status, claim).toBe(401)
    }
  })
})

it('signs by RSA where it is told to, says by which key, and takes neither the secret’s algorithm nor its key for it', async () => {
  const signing = await startPatient({ JWT_ALG: 'RS256', JWT_KID: 'r1' })
  const { tokenA, refreshToken } = (await signing.login('13500000041')).json
  expect((await signing.me(tokenA)).status).toBe(200)
  const { keys } = (await signing.call('GET', '/.well-known/jwks.json')).json
  expect(keys).toEqual([{ kty: 'RSA', n: expect.any(String), e: 'AQAB', kid: 'r1', alg: 'RS256', use: 'sig' }])
  const verified = await jwtVerify(tokenA, await importJWK(keys[0], 'RS256'), { algorithms: ['RS256'] })
  expect(verified.protectedHeader).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: 'r1' })
  expect((await signing.post('/v1/refresh', { refreshToken })).status).toBe(200)
  expect((await signing.me(`${tokenA.slice(0, -8)}AAAAAAAA`)).status).toBe(401)
  await signing.close()
})

it('shows no key where there is none to show', async () => {
  const plain = await startPatient()
  expect((await plain.call('GET', '/.well-known/jwks.json')).json).toEqual({ keys: [] })
  await plain.close()
})
