import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../../reference-backend/app.ts'
import { type Backend, openBackend } from '../../../reference-backend/backend.ts'
import { readEnvironment } from '../../../reference-backend/environment.ts'
import type { Stores } from '../../../reference-backend/stores/open.ts'
import { AUTH_CODE, type FakeCarriers, startFakeCarriers } from './fake-carriers.ts'
import { type FakeOutside, startFakeOutside } from './fake-outside.ts'

export const APP_IDS = { 'china-mobile': '10000001', 'china-unicom': '0123456789abcdef', 'china-telecom': '8000000001' } as const
export type CarrierId = keyof typeof APP_IDS
export const REBIND_SECRET = 'rebind-secret'

export interface Answer {
  status: number
  text: string
  headers: Record<string, unknown>
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  json: any
}

export interface CallOptions {
  body?: unknown
  /** token_a. */
  as?: string
  headers?: Record<string, string>
  /** Address the request comes from. */
  from?: string
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A backend in this process with a fake world behind it, asked by injected requests. */
export interface Patient {
  carriers: FakeCarriers
  outside: FakeOutside
  app: FastifyInstance
  backend: Backend
  /** The backend's clock; tests may move it. */
  clock: { nowMs: number }
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  postText(path: string, text: string, headers?: Record<string, string>): Promise<Answer>
  nonce(purpose?: string): Promise<string>
  /** A whole honest login, with fields overridden. */
  login(msisdn: string, fields?: Record<string, unknown>, carrier?: CarrierId): Promise<Answer>
  me(tokenA: string): Promise<Answer>
  /** Asks for a code and reads it off the phone. */
  smsCode(number: string, purpose: string): Promise<string>
  /** A re-authentication ticket, by carrier token of the account's number. */
  ticket(tokenA: string, msisdn: string): Promise<string>
  /** A notice signed as the carrier would. */
  rebind(notice: Record<string, unknown>): Promise<Answer>
  close(): Promise<void>
}

/** `stores`: those of another patient, for two instances over one. */
export async function startPatient(environment: Record<string, string> = {}, stores?: Stores): Promise<Patient> {
  const [carriers, outside] = await Promise.all([startFakeCarriers(), startFakeOutside()])
  const clock = { nowMs: Date.now() }
  const settings = readEnvironment({ ...carriers.environment, ...outside.environment, REBIND_SECRET, ...environment })
  const backend = await openBackend(settings, () => clock.nowMs, stores)
  const app = await buildApp(backend)
  const postText: Patient['postText'] = async (path, text, headers = {}) => {
    const options = {
      method: 'POST' as const,
      url: path,
      payload: text,
      headers: { 'content-type': 'application/json', ...headers },
    }
    return answerOf(await app.inject(options))
  }
  const post: Patient['post'] = (path, body, headers) => postText(path, JSON.stringify(body), headers)
  const call: Patient['call'] = async (method, path, { body, as, headers = {}, from = '127.0.0.1' } = {}) =>
    answerOf(
      await app.inject({
        method,
        url: path,
        remoteAddress: from,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(as === undefined ? {} : { authorization: `Bearer ${as}` }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      }),
    )
  const nonce: Patient['nonce'] = async purpose => (await post('/v1/nonce', purpose === undefined ? {} : { purpose })).json.nonce
  return {
    carriers,
    outside,
    app,
    backend,
    clock,
    call,
    post,
    postText,
    nonce,
    login: async (msisdn, fields = {}, carrier = 'china-mobile') =>
      post('/v1/login/one-tap', { ...authorisation(carriers, msisdn, carrier), nonce: await nonce(), ...fields }),
    me: tokenA => call('GET', '/v1/me', { as: tokenA }),
    smsCode: async (number, purpose) => {
      await post('/v1/sms/code', { number, purpose })
      return outside.sms.at(-1)?.code ?? ''
    },
    ticket: async (tokenA, msisdn) => {
      const body = { ...authorisation(carriers, msisdn, 'china-mobile'), nonce: await nonce('reauth') }
      return (await call('POST', '/v1/reauth', { as: tokenA, body })).json.ticket
    },
    rebind: notice => {
      const text = JSON.stringify(notice)
      return postText('/v1/carrier/rebind', text, signature(text, Math.floor(clock.nowMs / 1000)))
    },
    close: async () => {
      await app.close()
      await backend.close()
      await Promise.all([carriers.close(), outside.close()])
    },
  }
}

/** What the app has from the carrier's SDK. */
export function authorisation(carriers: FakeCarriers, msisdn: string, carrier: CarrierId): Record<string, unknown> {
  const second = carrier === 'china-telecom' ? { authCode: AUTH_CODE } : {}
  return { carrier, appId: APP_IDS[carrier], token: carriers.token(carrier, msisdn), ...second }
}

export function signature(text: string, timestamp: number, secret = REBIND_SECRET): Record<string, string> {
  const hex = createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex')
  return { 'x-rebind-timestamp': String(timestamp), 'x-rebind-signature': hex }
}

function answerOf(response: { statusCode: number; payload: string; headers: Record<string, unknown> }): Answer {
  const { statusCode: status, payload: text, headers } = response
  return { status, text, headers, json: text === '' ? undefined : JSON.parse(text) }
}
