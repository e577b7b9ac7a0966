import type { FastifyInstance } from 'fastify'
import type { Backend } from '../backend.ts'
import { objectBody, ownField, textOfShape } from '../body-reader.ts'

const DEVICE_ID_SHAPE = /^[\x21-\x7e]{1,128}$/

export function loginRoutes(app: FastifyInstance, backend: Backend): void {
  app.post('/v1/nonce', async request => {
    // The device id is only checked for shape: nonces are not bound to a device, and the number already links too much.
    const body = request.body === undefined ? {} : objectBody(request.body)
    if (ownField(body, 'deviceId') !== undefined) textOfShape(body, 'deviceId', DEVICE_ID_SHAPE)
    return backend.issueNonce()
  })
  app.post('/v1/login/one-tap', request => backend.oneTap(request.body, request.ip))
}
