import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'
import { carrierRequest, ipOf, requireSession, ticketOf } from './session.ts'

export function identitiesRoutes(app: FastifyInstance, backend: Backend): void {
  const { identities, reauth } = backend.flows
  app.post('/v1/reauth', async request => {
    return reauth.prove(await requireSession(backend, request), carrierRequest(backend, request))
  })
  app.get('/v1/identities', async request => {
    return { identities: await identities.list((await requireSession(backend, request)).accountId) }
  })
  app.post('/v1/identities', async (request, reply) => {
    const session = await requireSession(backend, request)
    const bound = await identities.bind(session, carrierRequest(backend, request), ticketOf(request))
    return bound.kind === 'bound'
      ? reply.code(201).send({ bound: true })
      : reply.code(202).send({ bound: false, expiresInMs: bound.expiresInMs })
  })
  app.post('/v1/identities/email/verify', async (request, reply) => {
    const session = await requireSession(backend, request)
    await identities.verifyEmail(session, request.body, ipOf(backend, request))
    return reply.code(201).send({ bound: true })
  })
  app.delete<{ Params: { type: string } }>('/v1/identities/:type', async (request, reply) => {
    const session = await requireSession(backend, request)
    await identities.remove(session, request.params.type, ticketOf(request), ipOf(backend, request))
    return reply.code(204).send()
  })
}
