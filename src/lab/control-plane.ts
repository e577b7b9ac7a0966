import { request } from 'undici'
import { HarnessError } from '../contract/errors.ts'
import type { MocksReady } from '../contract/journal.ts'

const TIMEOUT_MS = 10_000

/** Talks JSON to the mocks: the control plane with its bearer token, and the carriers' handset side without one. */
export interface ControlPlane {
  /** Throws HarnessError MOCKS_FAILED when the mocks do not answer 2xx. */
  call<Answer>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer>
  /** Asks a carrier's public host, as a phone would. */
  atCarrier<Answer>(url: string, path: string, body: unknown): Promise<Answer>
}

export function createControlPlane(mocks: MocksReady): ControlPlane {
  const authorization = `Bearer ${mocks.controlToken}`
  return {
    call: (method, path, body) => exchangeJson(method, mocks.controlUrl + path, body, { authorization }),
    atCarrier: (url, path, body) => exchangeJson('POST', url + path, body, {}),
  }
}

async function exchangeJson<Answer>(
  method: string,
  url: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  let status: number
  let text: string
  try {
    const reply = await request(url, {
      method: method as 'POST',
      headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    status = reply.statusCode
    text = await reply.body.text()
  } catch (cause) {
    throw new HarnessError('MOCKS_FAILED', `The mock carriers do not answer ${method} ${new URL(url).pathname}.`, { cause })
  }
  if (status < 200 || status > 299)
    throw new HarnessError(
      'MOCKS_FAILED',
      `The mock carriers answered ${status} to ${method} ${new URL(url).pathname}: ${text.slice(0, 300)}`,
    )
  return (text === '' ? undefined : JSON.parse(text)) as Answer
}
