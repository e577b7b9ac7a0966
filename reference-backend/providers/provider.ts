import { failed } from '../carriers/exchange.ts'
import type { Transport, TransportReply } from '../carriers/transport.ts'

/** What an app has from a provider's login: a token, or a code that only the app's own server can turn into one. */
export type ProviderCredential = { kind: 'access-token'; value: string } | { kind: 'code'; value: string }

export type ProviderAnswer =
  /** Who it is, and for which app the credential was made. */
  | { kind: 'person'; openId: string; audience: string; accessToken: string }
  | { kind: 'refused'; code: string }
  | { kind: 'failed'; reason: string }

/** A provider of third-party login. */
export interface ProviderClient {
  /** The app the provider knows us by: what `audience` must be. */
  readonly appId: string
  readonly takes: ProviderCredential['kind']
  /** Asks the provider. Does not throw. */
  identify(value: string): Promise<ProviderAnswer>
  close(): void
}

/** An id as providers write them: goes into a column and back into their addresses. */
const OPEN_ID_SHAPE = /^[\x21-\x7e]{1,128}$/

export function person(openId: unknown, audience: unknown, accessToken: string): ProviderAnswer {
  const id = typeof openId === 'number' && Number.isSafeInteger(openId) ? String(openId) : openId
  if (typeof id !== 'string' || !OPEN_ID_SHAPE.test(id)) return failed('no usable id in the answer')
  if (typeof audience !== 'string' && typeof audience !== 'number') return failed('no app in the answer')
  return { kind: 'person', openId: id, audience: String(audience), accessToken }
}

export function refused(code: unknown): ProviderAnswer {
  return { kind: 'refused', code: String(code) }
}

export async function get(transport: Transport, path: string, query: Readonly<Record<string, string>>): Promise<TransportReply> {
  return transport.send({ method: 'GET', path: `${path}?${new URLSearchParams(query)}` })
}
