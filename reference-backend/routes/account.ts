import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Backend } from '../backend.ts'
import type { OpenSession } from '../flows/session.ts'
import { maskMsisdn } from '../msisdn.ts'
import { Refusal } from '../refusal.ts'

export function accountRoutes(app: FastifyInstance, backend: Backend): void {
  app.get('/v1/me', async request => {
    const session = await requireSession(backend, request)
    const account = await backend.accounts.account(session.accountId)
    if (account === undefined) throw new Refusal(401, 'ACCOUNT_GONE', 'The account of this session is gone.')
    const { id, nickname, msisdn } = account
    return { account: { id, nickname, maskedNumber: msisdn === undefined ? null : maskMsisdn(msisdn) } }
  })
  app.post('/v1/logout', async (request, reply) => {
    await backend.sessions.end(await requireSession(backend, request))
    return reply.code(204).send()
  })
}

async function requireSession(backend: Backend, request: FastifyRequest): Promise<OpenSession> {
  const credential = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(request.headers.authorization ?? '')?.[1]
  const session = credential === undefined ? undefined : await backend.sessions.open(credential)
  if (session === undefined) throw new Refusal(401, 'CREDENTIAL_INVALID', 'The credential is missing, ended or not ours.')
  return session
}
