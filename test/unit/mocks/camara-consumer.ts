import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { expectSpecified } from './camara-specification.ts'
import type { StartedMocks } from './started-mocks.ts'

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
export const CIBA = 'urn:openid:params:grant-type:ciba'
export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const PURPOSE = 'dpv:FraudPreventionAndDetection'
export const STRANGER_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

export interface OauthReply {
  status: number
  json: {
    access_token: string
    id_token?: string
    expires_in: number
    error?: string
    auth_req_id: string
    interval: number
  }
}

export interface ApiReply {
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: bodies of six APIs, looked into freely
  json: any
}

let serial = 0

export function makeJwt(claims: object, key: KeyObject, header: object = { alg: 'RS256' }): string {
  const input = [header, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`
}

/** A backend as an API consumer of the CAMARA mock, written from the profile and independently of the mock. */
export function consumer(mocks: StartedMocks, operator = '') {
  const { CAMARA_URL, CAMARA_CLIENT_ID: clientId = '', CAMARA_PRIVATE_KEY = '' } = mocks.ready.environment
  const root = `${CAMARA_URL}${operator}`
  const key = createPrivateKey({ key: Buffer.from(CAMARA_PRIVATE_KEY, 'base64'), format: 'der', type: 'pkcs8' })

  const claims = (change: object = {}): object => {
    const iat = Math.floor(Date.now() / 1000)
    return { iss: clientId, sub: clientId, aud: `${root}/token`, iat, exp: iat + 60, jti: `j${serial++}`, ...change }
  }
  const clientAssertion = (jwt = makeJwt(claims(), key)) => ({ client_assertion_type: ASSERTION_TYPE, client_assertion: jwt })

  const form = async (path: string, fields: Record<string, string>): Promise<OauthReply> => {
    const response = await fetch(root + path, { method: 'POST', body: new URLSearchParams(fields) })
    return { status: response.status, json: (await response.json()) as OauthReply['json'] }
  }
  const tokenBy = (fields: Record<string, string>) => form('/token', { ...clientAssertion(), ...fields })

  const authorize = async (imsi: string, scope: string, change: Record<string, string> = {}) => {
    const fields = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: 'https://app.example/back',
      scope: `openid ${PURPOSE} ${scope}`,
      state: 's1',
      onetap_imsi: imsi,
      ...change,
    }
    const response = await fetch(`${root}/authorize?${new URLSearchParams(fields)}`, { redirect: 'manual' })
    const location = response.headers.get('location')
    return { status: response.status, back: location === null ? undefined : Object.fromEntries(new URL(location).searchParams) }
  }

  return {
    root,
    clientId,
    key,
    claims,
    clientAssertion,
    form,
    tokenBy,
    authorize,
    /** Access token of the consumer itself. */
    twoLegged: async (...scopes: string[]): Promise<string> =>
      (await tokenBy({ grant_type: 'client_credentials', scope: `${PURPOSE} ${scopes.join(' ')}` })).json.access_token,
    /** Access token of the user with this SIM card, authenticated by the network. */
    threeLegged: async (imsi: string, ...scopes: string[]): Promise<string> => {
      const { back } = await authorize(imsi, scopes.join(' '))
      const redirect = { redirect_uri: 'https://app.example/back' }
      return (await tokenBy({ grant_type: 'authorization_code', code: back?.code ?? '', ...redirect })).json.access_token
    },
    /** Calls an API; every answer is checked against the specification. */
    api: async (method: string, path: string, token: string, body?: unknown, headers = {}): Promise<ApiReply> => {
      const response = await fetch(root + path, {
        method,
        headers: {
          ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      const json: unknown = text === '' ? undefined : JSON.parse(text)
      expectSpecified(method, path, response.status, json)
      return { status: response.status, headers: response.headers, json }
    },
  }
}

export type Consumer = ReturnType<typeof consumer>
