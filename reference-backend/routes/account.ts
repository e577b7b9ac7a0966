import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'
import { objectBody, textOfShape } from '../body-reader.ts'
import { REFRESH_SHAPE } from '../input-shapes.ts'
import { Refusal } from '../refusal.ts'
import { ipOf, requireSession } from './session.ts'

export function accountRoutes(app: FastifyInstance, backend: Backend): void {
  const { flows, sessions } = backend
  app.get('/v1/me', async request => flows.profile.show((await requireSession(backend, request)).accountId))
  app.patch('/v1/me', async request => {
    const session = await requireSession(backend, request)
    return flows.profile.change(session, request.body, ipOf(backend, request))
  })
  app.get<{ Params: { id: string } }>('/v1/accounts/:id', async request => {
    const { accountId } = await requireSession(backend, request)
    const { id } = request.params
    // 404, not 403: whether there is such an account is not said either.
    if (!backend.mayLook(accountId, id)) throw new Refusal(404, 'NOT_FOUND', 'There is nothing here.')
    return flows.profile.show(id)
  })
  app.get('/v1/audit', async request => {
    const lines = await flows.audit.of((await requireSession(backend, request)).accountId)
    return { logins: lines.map(({ method, outcome, atMs, ip }) => ({ method, outcome, atMs, ip })) }
  })
  app.post('/v1/verify-number', async request => {
    const session = await requireSession(backend, request)
    return flows.verifyNumber(session, request.body, ipOf(backend, request))
  })
  app.post('/v1/refresh', request => sessions.refresh(textOfShape(objectBody(request.body), 'refreshToken', REFRESH_SHAPE)))
  app.post('/v1/logout', async (request, reply) => {
    await sessions.end(await requireSession(backend, request))
    return reply.code(204).send()
  })
  app.post('/v1/logout/all', async (request, reply) => {
    await sessions.endAll((await requireSession(backend, request)).accountId)
    return reply.code(204).send()
  })
}
