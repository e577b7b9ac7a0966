import { createHash, createHmac, createPublicKey, verify } from 'node:crypto'
import { get } from 'node:https'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { HandsetSim } from '../../../src/contract/journal.ts'
import { CIBA, type Consumer, consumer, JWT_BEARER, makeJwt, PURPOSE, STRANGER_KEY } from './camara-consumer.ts'
import { type StartedMocks, startedMocks } from './started-mocks.ts'

const VERIFY = 'number-verification:verify'
const BACK = { redirect_uri: 'https://app.example/back' }

let mocks: StartedMocks
let backend: Consumer
let sim: HandsetSim
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['camara'] })
  backend = consumer(mocks)
  sim = await mocks.fresh('china-mobile')
})
afterEach(() => mocks.behave({ assumptions: {} }))
afterAll(() => mocks.close())

const device = async (path: string, fields: unknown) => {
  const response = await fetch(`${backend.root}/handset/v1/${path}`, {
    method: 'POST',
    body: JSON.stringify(fields),
    headers: { 'content-type': 'application/json' },
  })
  return { status: response.status, json: (await response.json()) as { operatorToken: string; error?: { code: string } } }
}
const operatorToken = async (imsi: string, clientId = backend.clientId) =>
  (await device('operator-token', { imsi, clientId })).json.operatorToken
const verifies = async (token: string, msisdn = sim.msisdn, by = backend) =>
  by.api('POST', '/number-verification/v2/verify', token, { phoneNumber: `+86${msisdn}` })
const codeFor = async (scope = VERIFY, change: Record<string, string> = {}) => {
  const { back } = await backend.authorize(sim.imsi, scope, change)
  if (back?.code === undefined) throw new Error(JSON.stringify(back))
  return back.code
}
const claimsOf = (jwt: string) => JSON.parse(Buffer.from(jwt.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>

describe('discovery', () => {
  it('names the endpoints and the key that signs identity tokens', async () => {
    const metadata = (await (await fetch(`${backend.root}/.well-known/openid-configuration`)).json()) as Record<string, string>
    expect(metadata).toMatchObject({
      issuer: backend.root,
      token_endpoint: `${backend.root}/token`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
    })
    const { keys } = (await (await fetch(metadata.jwks_uri!)).json()) as { keys: Record<string, string>[] }
    const { json } = await backend.tokenBy({
      grant_type: 'authorization_code',
      code: await codeFor(VERIFY, { nonce: 'n1' }),
      ...BACK,
    })
    const [head, body, signature] = json.id_token!.split('.')
    const key = createPublicKey({ key: keys[0]!, format: 'jwk' })
    expect(verify('sha256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature!, 'base64url'))).toBe(true)
    expect(keys[0]).not.toHaveProperty('d')
    const claims = claimsOf(json.id_token!)
    expect(claims).toMatchObject({ iss: backend.root, aud: backend.clientId, nonce: 'n1', amr: ['mno_network'] })
    expect(JSON.stringify(claims)).not.toContain(sim.msisdn)
  })
})

describe('the authorization code flow', () => {
  it('authenticates the SIM card, and the code is good for once', async () => {
    const fields = { grant_type: 'authorization_code', code: await codeFor(), ...BACK }
    const first = await backend.tokenBy(fields)
    expect(first.json).toMatchObject({ token_type: 'Bearer', expires_in: 300 })
    expect((await verifies(first.json.access_token)).json).toEqual({ devicePhoneNumberVerified: true })
    const second = await backend.tokenBy(fields)
    expect([second.status, second.json.error]).toEqual([400, 'invalid_grant'])
  })

  it('gives one winner when a code is exchanged many times at once', async () => {
    const fields = { grant_type: 'authorization_code', code: await codeFor(), ...BACK }
    const replies = await Promise.all(Array.from({ length: 20 }, () => backend.tokenBy(fields)))
    expect(replies.filter(reply => reply.status === 200)).toHaveLength(1)
  })

  it('holds a client to its proof key', async () => {
    const verifier = 'v'.repeat(43)
    const challenge = { code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' }
    const exchange = async (code: string, extra: Record<string, string>) =>
      (await backend.tokenBy({ grant_type: 'authorization_code', code, ...BACK, ...extra })).status
    expect(await exchange(await codeFor(VERIFY, challenge), { code_verifier: verifier })).toBe(200)
    expect(await exchange(await codeFor(VERIFY, challenge), { code_verifier: 'w'.repeat(43) })).toBe(400)
    expect(await exchange(await codeFor(VERIFY, challenge), {})).toBe(400)
    expect(await exchange(await codeFor(), { code_verifier: verifier })).toBe(400)
  })

  it('refuses codes that are unknown, late, or sent back with another address', async () => {
    const exchange = async (code: string, redirect = BACK) =>
      (await backend.tokenBy({ grant_type: 'authorization_code', code, ...redirect })).json.error
    expect(await exchange('x')).toBe('invalid_grant')
    expect(await exchange(await codeFor(), { redirect_uri: 'https://thief.example/' })).toBe('invalid_grant')
    const late = await codeFor()
    await mocks.control('POST', '/clock', { advanceMs: 60_000 })
    expect(await exchange(late)).toBe('invalid_grant')
  })

  it.each([
    ['a device on Wi-Fi', { onetap_imsi: '' }, 'access_denied'],
    ['a dead SIM card', { onetap_imsi: '460009990000000' }, 'access_denied'],
    ['another response type', { response_type: 'token' }, 'unsupported_response_type'],
    ['a scope without purpose', { scope: `openid ${VERIFY}` }, 'invalid_scope'],
    ['two purposes', { scope: `${PURPOSE} dpv:Marketing ${VERIFY}` }, 'invalid_scope'],
    ['an unknown scope', { scope: `${PURPOSE} location:read` }, 'invalid_scope'],
    ['no API', { scope: `openid ${PURPOSE}` }, 'invalid_scope'],
    ['a plain proof key', { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }, 'invalid_request'],
  ])('tells the app by redirect about %s', async (_what, change, error) => {
    const asked = await backend.authorize(sim.imsi, VERIFY, change)
    expect(asked).toEqual({ status: 302, back: { error, state: 's1' } })
  })

  it.each([
    ['an unknown client', { client_id: 'x' }],
    ['no address', { redirect_uri: '' }],
    ['an address with a fragment', { redirect_uri: 'https://app.example/#x' }],
  ])('never redirects for %s', async (_what, change) => {
    expect(await backend.authorize(sim.imsi, VERIFY, change)).toEqual({ status: 400, back: undefined })
  })

  it('asks for consent when the user withheld it', async () => {
    const one = await mocks.fresh('china-mobile')
    await device('consent', { imsi: one.imsi, granted: false })
    expect((await backend.authorize(one.imsi, VERIFY)).back?.error).toBe('consent_required')
    await device('consent', { imsi: one.imsi, granted: true })
    expect((await backend.authorize(one.imsi, VERIFY)).back?.code).toEqual(expect.any(String))
  })
})

describe('client authentication', () => {
  const two = (assertion: Record<string, string>) =>
    backend.form('/token', { grant_type: 'client_credentials', scope: `${PURPOSE} sim-swap`, ...assertion })
  const signed = (change: object = {}, header?: object) =>
    backend.clientAssertion(makeJwt(backend.claims(change), backend.key, header))
  const seconds = () => Math.floor(Date.now() / 1000)

  it('is by a signed assertion, good for once', async () => {
    const assertion = signed()
    expect((await two(assertion)).json).toMatchObject({ expires_in: 3600, token_type: 'Bearer' })
    const replayed = await two(assertion)
    expect([replayed.status, replayed.json.error]).toEqual([401, 'invalid_client'])
  })

  it('takes the server itself and the endpoint as audience', async () => {
    for (const aud of [backend.root, `${backend.root}/token`, ['https://other.example', backend.root]]) {
      expect((await two(signed({ aud }))).status).toBe(200)
    }
  })

  it.each([
    ['another key', () => backend.clientAssertion(makeJwt(backend.claims(), STRANGER_KEY))],
    [
      'no signature',
      () =>
        backend.clientAssertion(`${makeJwt(backend.claims(), backend.key, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`),
    ],
    ['alg none with a signature', () => signed({}, { alg: 'none' })],
    ['the public key used as a secret', () => backend.clientAssertion(hmacForged())],
    ['another audience', () => signed({ aud: 'https://other.example/token' })],
    ['no audience', () => signed({ aud: undefined })],
    ['the past', () => signed({ iat: seconds() - 120, exp: seconds() - 60 })],
    ['a far future', () => signed({ exp: seconds() + 600 })],
    ['a start in the future', () => signed({ iat: seconds() + 60, exp: seconds() + 120 })],
    ['a long life', () => signed({ iat: seconds() - 200, exp: seconds() + 200 })],
    ['no jti', () => signed({ jti: undefined })],
    ['another subject', () => signed({ sub: 'somebody' })],
    ['an unknown issuer', () => signed({ iss: 'somebody' })],
    ['another client_id beside it', () => ({ ...signed(), client_id: 'somebody' })],
    ['another type', () => ({ ...signed(), client_assertion_type: 'password' })],
    ['nothing at all', () => ({})],
  ])('refuses %s', async (_what, assertion) => {
    const { status, json } = await two(assertion())
    expect([status, json.error]).toEqual([401, 'invalid_client'])
  })

  function hmacForged(): string {
    const [, body] = makeJwt(backend.claims(), backend.key).split('.')
    const head = Buffer.from(JSON.stringify({ alg: 'HS256' })).toString('base64url')
    const pem = createPublicKey(backend.key).export({ type: 'spki', format: 'pem' })
    return `${head}.${body}.${createHmac('sha256', pem).update(`${head}.${body}`).digest('base64url')}`
  }
})

describe('the token endpoint', () => {
  it.each([
    [{ grant_type: 'refresh_token', refresh_token: 'x' }, 'unsupported_grant_type'],
    [{ grant_type: 'password' }, 'unsupported_grant_type'],
    [{}, 'unsupported_grant_type'],
    [{ grant_type: 'client_credentials' }, 'invalid_scope'],
    [{ grant_type: 'client_credentials', scope: 'sim-swap' }, 'invalid_scope'],
    [{ grant_type: 'client_credentials', scope: `${PURPOSE} ${VERIFY}` }, 'invalid_scope'],
    [{ grant_type: CIBA, auth_req_id: 'x' }, 'invalid_grant'],
  ])('refuses %j with %s', async (fields, error) => {
    const { status, json } = await backend.tokenBy(fields as Record<string, string>)
    expect([status, json.error]).toEqual([400, error])
  })

  it('refuses what is no form', async () => {
    for (const init of [
      { method: 'GET' },
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } },
      { method: 'POST', body: 'grant_type=a&grant_type=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      { method: 'POST', body: 'x'.repeat(70_000), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ]) {
      for (const path of ['/token', '/bc-authorize']) {
        const response = await fetch(backend.root + path, init)
        expect([response.status, await response.json()]).toMatchObject([400, { error: 'invalid_request' }])
      }
    }
  })
})

describe('CIBA', () => {
  const start = (hint: string, change: Record<string, string> = {}, by = backend) =>
    by.form('/bc-authorize', { ...by.clientAssertion(), scope: `openid ${PURPOSE} ${VERIFY}`, login_hint: hint, ...change })
  const poll = (auth_req_id: string) => backend.tokenBy({ grant_type: CIBA, auth_req_id })

  it('gives a token once for a device’s own operator token, which proves the network', async () => {
    const hint = `operatortoken:${await operatorToken(sim.imsi)}`
    const { json } = await start(hint)
    expect(json).toEqual({ auth_req_id: expect.any(String), expires_in: 120, interval: 2 })
    const first = await poll(json.auth_req_id)
    expect((await verifies(first.json.access_token)).json).toEqual({ devicePhoneNumberVerified: true })
    expect((await poll(json.auth_req_id)).json.error).toBe('invalid_grant')
    expect((await start(hint)).json.error).toBe('unknown_user_id')
  })

  it('does not let a typed number pass for the network', async () => {
    const { json } = await start(`tel:+86${sim.msisdn}`)
    const token = (await poll(json.auth_req_id)).json
    expect(claimsOf(token.id_token!).amr).toEqual(['mno_user'])
    const refused = await verifies(token.access_token)
    expect([refused.status, refused.json.code]).toEqual([403, 'NUMBER_VERIFICATION.USER_NOT_AUTHENTICATED_BY_MOBILE_NETWORK'])
  })

  it('lets the consumer wait, and slows down who asks too often', async () => {
    await mocks.behave({ assumptions: { 'camara.backchannel-approval': 'after-2s' } })
    const { json } = await start(`tel:+86${sim.msisdn}`)
    const ask = async () => (await poll(json.auth_req_id)).json.error
    expect([await ask(), await ask()]).toEqual(['authorization_pending', 'slow_down'])
    await mocks.control('POST', '/clock', { advanceMs: 2_000 })
    expect(await ask()).toBe('slow_down')
    await mocks.control('POST', '/clock', { advanceMs: 12_000 })
    expect(await ask()).toBeUndefined()
  })

  it('ends by refusal or time', async () => {
    await mocks.behave({ assumptions: { 'camara.backchannel-approval': 'denied' } })
    const denied = (await start(`tel:+86${sim.msisdn}`)).json
    expect((await poll(denied.auth_req_id)).json.error).toBe('access_denied')
    await mocks.behave({ assumptions: { 'camara.backchannel-approval': 'never' } })
    const never = (await start(`tel:+86${sim.msisdn}`)).json
    expect((await poll(never.auth_req_id)).json.error).toBe('authorization_pending')
    await mocks.control('POST', '/clock', { advanceMs: 120_000 })
    expect((await poll(never.auth_req_id)).json.error).toBe('expired_token')
  })

  it.each([
    ['tel:+12025550100', {}, 400, 'unknown_user_id'],
    ['tel:13800000000', {}, 400, 'unknown_user_id'],
    ['ipport:127.0.0.1:80', {}, 400, 'unknown_user_id'],
    ['operatortoken:x', {}, 400, 'unknown_user_id'],
    ['', {}, 400, 'invalid_request'],
    ['tel:+8613800000000', { id_token_hint: 'x' }, 400, 'invalid_request'],
    ['tel:+8613800000000', { scope: VERIFY }, 400, 'invalid_scope'],
    ['tel:+8613800000000', { client_assertion: 'x' }, 401, 'invalid_client'],
  ])('refuses %j with %j', async (hint, change, status, error) => {
    const refused = await start(hint, change as Record<string, string>)
    expect([refused.status, refused.json.error]).toEqual([status, error])
  })

  it('refuses another app’s operator token, one of a SIM card replaced since, and without consent', async () => {
    const one = await mocks.fresh('china-mobile')
    const foreign = await operatorToken(one.imsi, mocks.ready.providers.find(p => p.provider === 'camara')!.appIds[1]!)
    expect((await start(`operatortoken:${foreign}`)).json.error).toBe('unknown_user_id')
    const stale = await operatorToken(one.imsi)
    const { body } = await mocks.control<{ sim: HandsetSim }>('POST', '/life', { msisdn: one.msisdn, kind: 'sim-replaced' })
    expect((await start(`operatortoken:${stale}`)).json.error).toBe('unknown_user_id')
    await device('consent', { imsi: body.sim.imsi, granted: false })
    const refused = await start(`tel:+86${one.msisdn}`)
    expect([refused.status, refused.json.error]).toEqual([403, 'access_denied'])
  })
})

describe('the JWT bearer grant', () => {
  const grant = (change: object = {}, fields: Record<string, string> = {}) =>
    backend.form('/token', {
      grant_type: JWT_BEARER,
      assertion: makeJwt(
        backend.claims({ sub: `tel:+86${sim.msisdn}`, scope: `openid ${PURPOSE} ${VERIFY}`, ...change }),
        backend.key,
      ),
      ...fields,
    })

  it('gives a token for an operator token in one step', async () => {
    const { json } = await grant({ sub: `operatortoken:${await operatorToken(sim.imsi)}` })
    expect((await verifies(json.access_token)).json).toEqual({ devicePhoneNumberVerified: true })
    expect(json).not.toHaveProperty('refresh_token')
  })

  it('takes an assertion once', async () => {
    const jti = 'only-once'
    expect((await grant({ jti })).status).toBe(200)
    expect((await grant({ jti })).json.error).toBe('invalid_grant')
  })

  it.each([
    [{}, { scope: VERIFY }, 'invalid_request'],
    [{ scope: undefined }, {}, 'invalid_scope'],
    [{ scope: VERIFY }, {}, 'invalid_scope'],
    [{ sub: 'tel:+12025550100' }, {}, 'invalid_grant'],
    [{ sub: undefined }, {}, 'invalid_grant'],
    [{ aud: 'x' }, {}, 'invalid_grant'],
    [{ exp: 1 }, {}, 'invalid_grant'],
    [{}, { assertion: 'x' }, 'invalid_grant'],
  ])('refuses %j with %j', async (change, fields, error) => {
    const { status, json } = await grant(change, fields as Record<string, string>)
    expect([status, json.error]).toEqual([400, error])
  })
})

describe('operators', () => {
  it('know only the numbers they serve; after porting the new one does', async () => {
    const [mobile, unicom] = [consumer(mocks, '/china-mobile'), consumer(mocks, '/china-unicom')]
    const one = await mocks.fresh('china-mobile')
    const ask = async (by: Consumer) => {
      const token = await by.twoLegged('number-recycling:check')
      const body = { phoneNumber: `+86${one.msisdn}`, specifiedDate: '2022-01-01' }
      return (await by.api('POST', '/number-recycling/v0.2/check', token, body)).json
    }
    expect((await ask(unicom)).code).toBe('IDENTIFIER_NOT_FOUND')
    expect(await ask(mobile)).toEqual({ phoneNumberRecycled: false })
    const { body } = await mocks.control<{ sim: HandsetSim }>('POST', '/life', {
      msisdn: one.msisdn,
      kind: 'ported',
      toCarrier: 'china-unicom',
    })
    expect((await ask(mobile)).code).toBe('IDENTIFIER_NOT_FOUND')
    expect(await ask(unicom)).toEqual({ phoneNumberRecycled: false })
    expect((await mobile.authorize(body.sim.imsi, VERIFY)).back?.error).toBe('access_denied')
    const token = await unicom.threeLegged(body.sim.imsi, VERIFY)
    expect((await verifies(token, one.msisdn, unicom)).json).toEqual({ devicePhoneNumberVerified: true })
  })

  it('do not take each other’s tokens or codes', async () => {
    const [mobile, unicom] = [consumer(mocks, '/china-mobile'), consumer(mocks, '/china-unicom')]
    const token = await mobile.twoLegged('sim-swap')
    const refused = await unicom.api('POST', '/sim-swap/v2/check', token, { phoneNumber: `+86${sim.msisdn}` })
    expect(refused.status).toBe(401)
    const { back } = await mobile.authorize(sim.imsi, VERIFY)
    const stolen = await unicom.tokenBy({ grant_type: 'authorization_code', code: back!.code!, ...BACK })
    expect(stolen.json.error).toBe('invalid_grant')
  })

  it('name a person by another sub to each app and, unless told otherwise, after a reissue', async () => {
    const one = await mocks.fresh('china-mobile')
    const subOf = async () => {
      const number = `tel:+86${one.msisdn}`
      const assertion = makeJwt(backend.claims({ sub: number, scope: `openid ${PURPOSE} sim-swap` }), backend.key)
      return claimsOf((await backend.form('/token', { grant_type: JWT_BEARER, assertion })).json.id_token!).sub
    }
    const before = await subOf()
    await mocks.control('POST', '/life', { msisdn: one.msisdn, kind: 'sim-replaced' })
    expect(await subOf()).toBe(before)
    await mocks.control('POST', '/life', { msisdn: one.msisdn, kind: 'reissued' })
    expect(await subOf()).not.toBe(before)
    await mocks.behave({ assumptions: { 'camara.sub-after-reissue': 'stays' } })
    expect(await subOf()).toBe(before)
  })
})

describe('the device side', () => {
  it.each([
    ['operator-token', { imsi: 'x' }, 403, 'SIM_UNKNOWN'],
    ['operator-token', {}, 403, 'SIM_UNKNOWN'],
    ['consent', { granted: true }, 403, 'SIM_UNKNOWN'],
    ['consent', { granted: 1 }, 400, 'BAD_REQUEST'],
    ['consent', [], 400, 'BAD_REQUEST'],
  ])('refuses %s with %j', async (path, fields, status, code) => {
    const refused = await device(path, fields)
    expect([refused.status, refused.json.error?.code]).toEqual([status, code])
  })

  it('gives no operator token to an unknown app', async () => {
    expect((await device('operator-token', { imsi: sim.imsi, clientId: 'x' })).json.error?.code).toBe('APP_UNKNOWN')
  })
})

it('over TLS the server names itself by https', async () => {
  const sealed = await startedMocks({ providers: ['camara'], tls: true })
  const { CAMARA_URL } = sealed.ready.environment
  const text = await new Promise<string>((resolve, reject) => {
    get(`${CAMARA_URL}/.well-known/openid-configuration`, { ca: sealed.ready.caPem!, agent: false }, response => {
      response.setEncoding('utf8').on('data', resolve)
    }).on('error', reject)
  })
  await sealed.close()
  expect(JSON.parse(text)).toMatchObject({ issuer: CAMARA_URL, token_endpoint: `${CAMARA_URL}/token` })
})
