import { importPKCS8 } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StartedMocks, startedMocks } from '../unit/mocks/started-mocks.ts'

/**
 * A certified OpenID Connect client of others talks to the CAMARA operator: discovery, signatures, identity tokens and errors are as
 * it wants them, or it says so.
 */
const PURPOSE = 'dpv:FraudPreventionAndDetection'
const BACK = 'https://app.example/back'

let mocks: StartedMocks
let config: client.Configuration
beforeAll(async () => {
  mocks = await startedMocks({ providers: ['camara'] })
  config = await discovered(mocks.ready.environment.CAMARA_PRIVATE_KEY!)
})
afterAll(() => mocks.close())

async function discovered(pkcs8: string, issuer = mocks.url('camara')): Promise<client.Configuration> {
  const key = await importPKCS8(`-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`, 'RS256')
  const clientId = mocks.ready.environment.CAMARA_CLIENT_ID!
  return client.discovery(new URL(issuer), clientId, undefined, client.PrivateKeyJwt(key), {
    execute: [client.allowInsecureRequests],
  })
}

/** A person's phone follows the redirect over the mobile network of its SIM card. */
async function consent(to: URL, imsi: string): Promise<URL> {
  to.searchParams.set('onetap_imsi', imsi)
  return new URL((await fetch(to, { redirect: 'manual' })).headers.get('location')!)
}

async function started(change: Record<string, string> = {}) {
  const [verifier, nonce, state] = [client.randomPKCECodeVerifier(), client.randomNonce(), client.randomState()]
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: BACK,
    scope: `openid ${PURPOSE} number-verification:device-phone-number:read`,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    prompt: 'none',
    nonce,
    state,
    ...change,
  })
  return { url, checks: { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state } }
}

describe('a certified client', () => {
  it('reads who the operator is', () => {
    expect(config.serverMetadata()).toMatchObject({
      issuer: mocks.url('camara'),
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      backchannel_token_delivery_modes_supported: ['poll'],
    })
  })

  it('gets an identity token it can verify, and with it the number of the device', async () => {
    const sim = await mocks.fresh('china-mobile')
    const { url, checks } = await started()
    const tokens = await client.authorizationCodeGrant(config, await consent(url, sim.imsi), checks)
    expect(tokens.claims()).toMatchObject({ aud: mocks.ready.environment.CAMARA_CLIENT_ID, amr: ['mno_network'] })
    expect(JSON.stringify(tokens.claims())).not.toContain(sim.msisdn)
    const api = new URL('/number-verification/v2/device-phone-number', mocks.url('camara'))
    const reply = await client.fetchProtectedResource(config, tokens.access_token, api, 'GET')
    expect(await reply.json()).toEqual({ devicePhoneNumber: `+86${sim.msisdn}` })
    const again = client.fetchProtectedResource(config, tokens.access_token, api, 'GET')
    await expect(again).rejects.toMatchObject({ status: 401, cause: [{ scheme: 'bearer' }] })
  })

  it('is refused a code that was used, a wrong verifier and a device on Wi-Fi alone, in the words of OAuth', async () => {
    const { imsi } = await mocks.fresh('china-unicom')
    const { url, checks } = await started()
    const back = await consent(url, imsi)
    const stolen = client.authorizationCodeGrant(config, back, { ...checks, pkceCodeVerifier: client.randomPKCECodeVerifier() })
    await expect(stolen).rejects.toMatchObject({ error: 'invalid_grant', status: 400 })
    await client.authorizationCodeGrant(config, back, checks)
    await expect(client.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({ error: 'invalid_grant' })
    const offline = await started()
    const refused = await consent(offline.url, '')
    await expect(client.authorizationCodeGrant(config, refused, offline.checks)).rejects.toMatchObject({ error: 'access_denied' })
  })

  it('asks for itself, and with another’s key gets nothing', async () => {
    const scope = `${PURPOSE} sim-swap`
    const tokens = await client.clientCredentialsGrant(config, { scope })
    const api = new URL('/sim-swap/v2/check', mocks.url('camara'))
    const { msisdn } = await mocks.fresh('china-telecom')
    const headers = new Headers({ 'content-type': 'application/json' })
    const body = JSON.stringify({ phoneNumber: `+86${msisdn}` })
    const reply = await client.fetchProtectedResource(config, tokens.access_token, api, 'POST', body, headers)
    expect(await reply.json()).toEqual({ swapped: false })
    const { privateKey } = await crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign'],
    )
    const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey)).toString('base64')
    const forged = client.clientCredentialsGrant(await discovered(pkcs8), { scope })
    await expect(forged).rejects.toMatchObject({ error: 'invalid_client', status: 401 })
  })

  it('polls for a user who takes two seconds to agree', async () => {
    await mocks.behave({ assumptions: { 'camara.backchannel-approval': 'after-2s' } })
    const { msisdn } = await mocks.fresh('china-mobile')
    const request = { scope: `openid ${PURPOSE} sim-swap`, login_hint: `tel:+86${msisdn}` }
    const started = await client.initiateBackchannelAuthentication(config, request)
    const tokens = await client.pollBackchannelAuthenticationGrant(config, started)
    expect(tokens.claims()).toMatchObject({ amr: ['mno_user'] })
    await mocks.behave({ assumptions: {} })
  })

  it('finds each operator under its own address, and takes no token of another', async () => {
    const operator = await discovered(mocks.ready.environment.CAMARA_PRIVATE_KEY!, `${mocks.url('camara')}/china-mobile`)
    const tokens = await client.clientCredentialsGrant(operator, { scope: `${PURPOSE} sim-swap` })
    const api = new URL('/china-unicom/sim-swap/v2/check', mocks.url('camara'))
    await expect(client.fetchProtectedResource(operator, tokens.access_token, api, 'POST')).rejects.toMatchObject({ status: 401 })
  })
})
