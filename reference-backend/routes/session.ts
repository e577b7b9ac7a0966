import type { FastifyRequest } from 'fastify'
import type { Backend } from '../backend.ts'
import type { OpenSession } from '../flows/session.ts'
import type { CarrierRequest } from '../flows/token-exchange.ts'
import { Refusal } from '../refusal.ts'

/** The session of a request. Throws 401 without one. */
export async function requireSession(backend: Backend, request: FastifyRequest): Promise<OpenSession> {
  const credential = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1]
  const session = credential === undefined ? undefined : await backend.sessions.open(credential)
  if (session === undefined) throw new Refusal(401, 'CREDENTIAL_INVALID', 'The credential is missing, ended or not ours.')
  return session
}

/** The ticket of POST /v1/reauth, as sent. */
export function ticketOf(request: FastifyRequest): unknown {
  return request.headers['x-reauth']
}

/** Where a request comes from. */
export function ipOf(backend: Backend, request: FastifyRequest): string {
  return backend.sourceAddress(request.ip, request.headers)
}

export function carrierRequest(backend: Backend, request: FastifyRequest): CarrierRequest {
  return { body: request.body, query: request.query, ip: ipOf(backend, request) }
}
