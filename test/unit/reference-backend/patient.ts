import { createHmac } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { buildApp } from '../../../reference-backend/app.ts'
import { type Backend, openBackend } from '../../../reference-backend/backend.ts'
import { readEnvironment } from '../../../reference-backend/environment.ts'
import { AUTH_CODE, type FakeCarriers, startFakeCarriers } from './fake-carriers.ts'

export const APP_IDS = { 'china-mobile': '10000001', 'china-unicom': '0123456789abcdef', 'china-telecom': '8000000001' } as const
export type CarrierId = keyof typeof APP_IDS
export const REBIND_SECRET = 'rebind-secret'

export interface Answer {
  status: number
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
  json: any
}

/** A backend in this process with fake carriers behind it, asked by injected requests. */
export interface Patient {
  carriers: FakeCarriers
  app: FastifyInstance
  backend: Backend
  /** The backend's clock; tests may move it. */
  clock: { nowMs: number }
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>
  postText(path: string, text: string, headers?: Record<string, string>): Promise<Answer>
  nonce(): Promise<string>
  /** A whole honest login, with fields overridden. */
  login(msisdn: string, fields?: Record<string, unknown>, carrier?: CarrierId): Promise<Answer>
  me(tokenA: string): Promise<Answer>
  /** A notice signed as the carrier would. */
  rebind(notice: Record<string, unknown>): Promise<Answer>
  close(): Promise<void>
}

export async function startPatient(environment: Record<string, string> = {}): Promise<Patient> {
  const carriers = await startFakeCarriers()
  const clock = { nowMs: Date.now() }
  const settings = readEnvironment({ ...carriers.environment, REBIND_SECRET, ...environment })
  const backend = await openBackend(settings, () => clock.nowMs)
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
  const nonce = async (): Promise<string> => (await post('/v1/nonce', {})).json.nonce
  return {
    carriers,
    app,
    backend,
    clock,
    post,
    postText,
    nonce,
    login: async (msisdn, fields = {}, carrier = 'china-mobile') => {
      const second = carrier === 'china-telecom' ? { authCode: AUTH_CODE } : {}
      const honest = { carrier, appId: APP_IDS[carrier], token: carriers.token(carrier, msisdn), ...second, nonce: await nonce() }
      return post('/v1/login/one-tap', { ...honest, ...fields })
    },
    me: async tokenA => answerOf(await app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${tokenA}` } })),
    rebind: notice => {
      const text = JSON.stringify(notice)
      return postText('/v1/carrier/rebind', text, signature(text, Math.floor(clock.nowMs / 1000)))
    },
    close: async () => {
      await app.close()
      await backend.close()
      await carriers.close()
    },
  }
}

export function signature(text: string, timestamp: number, secret = REBIND_SECRET): Record<string, string> {
  const hex = createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex')
  return { 'x-rebind-timestamp': String(timestamp), 'x-rebind-signature': hex }
}

function answerOf(response: { statusCode: number; payload: string }): Answer {
  const { statusCode: status, payload: text } = response
  return { status, text, json: text === '' ? undefined : JSON.parse(text) }
}
