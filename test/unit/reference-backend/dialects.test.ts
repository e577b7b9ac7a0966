import { afterEach, describe, expect, it } from 'vitest'
import { readEnvironment } from '../../../reference-backend/environment.ts'
import { openService } from '../../../reference-backend/service.ts'
import { authorisation, type Patient, startPatient } from './patient.ts'

const patients: Patient[] = []
afterEach(async () => {
  for (const patient of patients.splice(0)) await patient.close()
})

async function speaking(dialect: string, environment: Record<string, string> = {}): Promise<Patient> {
  const patient = await startPatient({ DIALECT: dialect, ...environment })
  patients.push(patient)
  return patient
}

/** The body of an honest login, not yet sent. */
async function honest(patient: Patient, msisdn: string): Promise<Record<string, unknown>> {
  return { ...authorisation(patient.carriers, msisdn, 'china-mobile'), nonce: await patient.nonce() }
}

it.each(['status-in-body', 'cookies', 'renamed', 'slow', 'strict', 'unsteady', 'idempotent'])(
  '%s is said by the identity, and the house’s own routes are not spoken in it',
  async dialect => {
    const patient = await speaking(dialect)
    for (let asked = 0; asked < 60; asked++) expect((await patient.call('GET', '/healthz')).status).toBe(200)
    expect((await patient.call('GET', '/__onetap/identity')).json).toMatchObject({ dialect, flaws: [] })
    expect((await patient.rebind({})).status).toBe(400)
  },
)

describe('status-in-body', () => {
  it('answers everything with 200 and tells the outcome inside', async () => {
    const patient = await speaking('status-in-body')
    const nonce = await patient.post('/v1/nonce', {})
    expect(nonce).toMatchObject({ status: 200, json: { code: 200, reason: 'OK', data: { nonce: expect.any(String) } } })
    const refused = await patient.postText('/v1/login/one-tap', '{')
    expect(refused.status).toBe(200)
    expect(refused.json).toMatchObject({ code: 400, reason: 'REQUEST_MALFORMED', data: null })
    const { data } = (await patient.post('/v1/login/one-tap', await honestInBody(patient))).json
    const gone = await patient.call('POST', '/v1/logout', { as: data.tokenA })
    expect(gone).toMatchObject({ status: 200, json: { code: 204, data: null } })
  })

  async function honestInBody(patient: Patient): Promise<Record<string, unknown>> {
    const { nonce } = (await patient.post('/v1/nonce', {})).json.data
    return { ...authorisation(patient.carriers, '13500000051', 'china-mobile'), nonce }
  }
})

describe('cookies', () => {
  it('sets a session cookie no script can read, leads to the account, and takes no bearer token', async () => {
    const patient = await speaking('cookies')
    const payload = JSON.stringify(await honest(patient, '13500000052'))
    const headers = { 'content-type': 'application/json' }
    const login = await patient.app.inject({ method: 'POST', url: '/v1/login/one-tap', headers, payload })
    expect({ status: login.statusCode, body: login.payload }).toEqual({ status: 302, body: '' })
    expect(login.headers.location).toMatch(/^\/v1\/accounts\/[0-9a-f-]{36}\?created=true$/)
    const [session = '', renewal = ''] = [login.headers['set-cookie']].flat().map(String)
    expect(session).toMatch(/^sid=\S+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/)
    expect(renewal).toMatch(/^rid=\S+; Path=\/v1\/refresh; HttpOnly; SameSite=Lax$/)
    const sid = /^sid=([^;]+)/.exec(session)?.[1] ?? ''
    const me = async (from: Record<string, string>) => (await patient.app.inject({ url: '/v1/me', headers: from })).statusCode
    expect(await me({ cookie: `theme=dark; sid=${sid}` })).toBe(200)
    expect(await me({ authorization: `Bearer ${sid}` })).toBe(302)
    const out = await patient.app.inject({ method: 'POST', url: '/v1/logout', headers: { cookie: `sid=${sid}` } })
    expect([out.statusCode, out.headers.location]).toEqual([302, '/'])
    expect(String(out.headers['set-cookie'])).toContain('sid=; Path=/; Max-Age=0')
    expect(await me({ cookie: `sid=${sid}` })).toBe(302)
  })
})

describe('renamed', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' }

  it('takes forms and no JSON, each name once', async () => {
    const patient = await speaking('renamed')
    expect((await patient.post('/v1/nonce', {})).status).toBe(415)
    const twice = await patient.postText('/v1/nonce', 'scene=login&scene=bind', form)
    expect(twice).toMatchObject({ status: 400, json: { fault: { why: 'BODY_MALFORMED' } } })
    const nonce = await patient.postText('/v1/nonce', 'scene=login&else=1', form)
    expect(nonce).toMatchObject({ status: 200, json: { result: { challenge: { value: expect.any(String) }, ttl_ms: 120_000 } } })
  })
})

it('slow takes 300 ms longer', async () => {
  const patient = await speaking('slow')
  const before = performance.now()
  await patient.nonce()
  expect(performance.now() - before).toBeGreaterThan(295)
})

it('strict refuses the thirty-first POST of a second, of this source only, and says when to come back', async () => {
  const patient = await speaking('strict')
  for (let sent = 0; sent < 30; sent++) expect((await patient.post('/v1/nonce', {})).status).toBe(200)
  const refused = await patient.post('/v1/nonce', {})
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1'])
  expect((await patient.call('POST', '/v1/nonce', { from: '127.0.0.9' })).status).toBe(200)
  expect((await patient.me('nothing')).status).toBe(401)
  patient.clock.nowMs += 1000
  expect((await patient.post('/v1/nonce', {})).status).toBe(200)
})

describe('unsteady', () => {
  async function struck(seed: string): Promise<number[]> {
    const patient = await speaking('unsteady', { DIALECT_SEED: seed })
    const statuses: number[] = []
    for (let sent = 0; sent < 600; sent++) statuses.push((await patient.post('/v1/nonce', {})).status)
    expect(statuses.filter(status => status !== 200 && status !== 503)).toEqual([])
    return statuses.flatMap((status, index) => (status === 503 ? [index] : []))
  }

  it('answers about two in a hundred with 503, the same ones for the same seed', async () => {
    const [first, again, other] = [await struck('7'), await struck('7'), await struck('8')]
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
    for (const { length } of [first, other]) expect(length).toSatisfy((count: number) => count >= 3 && count <= 30)
  })
})

describe('idempotent', () => {
  it('gives a device that sends its login again the same reply, and does nothing', async () => {
    const patient = await speaking('idempotent')
    const body = await honest(patient, '13500000053')
    const [first, second] = await Promise.all([1, 2].map(() => patient.post('/v1/login/one-tap', body)))
    expect(first?.status).toBe(200)
    expect(second?.text).toBe(first?.text)
    expect((await patient.post('/v1/login/one-tap', body)).text).toBe(first?.text)
    expect(patient.carriers.calls).toHaveLength(1)
  })

  it('is no help to another device, to another request, or after two minutes', async () => {
    const patient = await speaking('idempotent')
    const body = await honest(patient, '13500000054')
    await patient.post('/v1/login/one-tap', body)
    const refused = { status: 401, json: { error: { code: 'NONCE_UNKNOWN' } } }
    expect(await patient.call('POST', '/v1/login/one-tap', { body, from: '127.0.0.9' })).toMatchObject(refused)
    const headers = { 'x-device-id': 'another' }
    expect(await patient.call('POST', '/v1/login/one-tap', { body, headers })).toMatchObject(refused)
    const token = patient.carriers.token('china-mobile', '13500000055')
    expect(await patient.post('/v1/login/one-tap', { ...body, token })).toMatchObject(refused)
    patient.clock.nowMs += 120_001
    expect(await patient.post('/v1/login/one-tap', body)).toMatchObject(refused)
  })

  it('takes the same password from the same device after a logout as a new login', async () => {
    const patient = await speaking('idempotent')
    const [number, password] = ['13500000059', 'long enough to be one']
    const { tokenA: as } = (await patient.post('/v1/login/one-tap', await honest(patient, number))).json
    const proof = { ...authorisation(patient.carriers, number, 'china-mobile'), nonce: await patient.nonce('reauth') }
    const { ticket } = (await patient.call('POST', '/v1/reauth', { as, body: proof })).json
    const set = await patient.call('PUT', '/v1/password', { as, body: { password }, headers: { 'x-reauth': ticket } })
    expect(set.status).toBe(204)
    const first = (await patient.post('/v1/login/password', { identifier: number, password })).json.tokenA
    await patient.call('POST', '/v1/logout', { as: first })
    const second = (await patient.post('/v1/login/password', { identifier: number, password })).json.tokenA
    expect([(await patient.me(first)).status, (await patient.me(second)).status]).toEqual([401, 200])
  })

  it('does not bring an ended session back', async () => {
    const patient = await speaking('idempotent')
    const body = await honest(patient, '13500000056')
    const { tokenA } = (await patient.post('/v1/login/one-tap', body)).json
    await patient.call('POST', '/v1/logout', { as: tokenA })
    expect((await patient.me((await patient.post('/v1/login/one-tap', body)).json.tokenA)).status).toBe(401)
  })
})

describe('two-instances', () => {
  it('is two apps behind one address that share keys and stores, and nothing else', async () => {
    const flawed = await nonceTwice('nonce-store=nonce-per-instance')
    const sound = await nonceTwice('')
    // A list of used nonces in each instance's memory: the second instance has not heard of the first use.
    expect([flawed, sound]).toEqual([200, 401])
  })

  /** Status of the second login by one nonce: requests go to the instances in turn, and it comes to the other one. */
  async function nonceTwice(flaws: string): Promise<number> {
    const { carriers } = await speaking('rest')
    const settings = readEnvironment({ ...carriers.environment, DIALECT: 'two-instances', FLAWS: flaws })
    const service = await openService(settings)
    const url = await service.app.listen({ host: '127.0.0.1', port: 0 })
    const post = async (path: string, body: unknown): Promise<Response> =>
      fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    try {
      const { nonce } = (await (await post('/v1/nonce', {})).json()) as { nonce: string }
      const login = (number: string): Promise<Response> =>
        post('/v1/login/one-tap', { ...authorisation(carriers, number, 'china-mobile'), nonce })
      const first = await login('13500000057')
      const { tokenA } = (await first.json()) as { tokenA: string }
      for (let turn = 0; turn < 2; turn++) {
        const me = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${tokenA}` } })
        expect(me.status).toBe(200)
      }
      return (await login('13500000058')).status
    } finally {
      await service.app.close()
      await service.close()
    }
  }
})
