import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'
import { objectBody, ownField, textOfShape } from '../body-reader.ts'
import type { NoncePurpose } from '../controls/nonce-purpose.ts'
import { sourceOf } from '../flows/limiter.ts'
import { DEVICE_ID_SHAPE } from '../input-shapes.ts'
import { carrierRequest, ipOf, requireSession, ticketOf } from './session.ts'

const PURPOSE_SHAPE = /^(?:bind|login|reauth|verify)$/

export function loginRoutes(app: FastifyInstance, backend: Backend): void {
  const { flows } = backend
  app.post('/v1/nonce', async request => {
    // The device id is only checked for shape: nonces are not bound to a device, and the number already links too much.
    const body = request.body === undefined ? {} : objectBody(request.body)
    if (ownField(body, 'deviceId') !== undefined) textOfShape(body, 'deviceId', DEVICE_ID_SHAPE)
    const purpose = ownField(body, 'purpose') === undefined ? 'login' : textOfShape(body, 'purpose', PURPOSE_SHAPE)
    backend.admitNonce(sourceOf(ipOf(backend, request)))
    return backend.nonces.issue(purpose as NoncePurpose)
  })
  app.post('/v1/login/one-tap', request => flows.oneTap(carrierRequest(backend, request)))
  app.post('/v1/sms/code', async (request, reply) => {
    return reply.code(202).send(await flows.sms.send(request.body, ipOf(backend, request)))
  })
  app.post('/v1/login/sms', async request => flows.loginBySms(objectBody(request.body), ipOf(backend, request)))
  app.post('/v1/login/password', request => flows.password.logIn(request.body, ipOf(backend, request)))
  app.post('/v1/login/third-party', request => flows.thirdParty.logIn(request.body, ipOf(backend, request)))
  app.put('/v1/password', async (request, reply) => {
    const session = await requireSession(backend, request)
    await flows.password.change(session, request.body, ticketOf(request), ipOf(backend, request))
    return reply.code(204).send()
  })
  app.post('/v1/password/reset', async (request, reply) => {
    await flows.password.reset(request.body, ipOf(backend, request))
    return reply.code(204).send()
  })
}
