import type { FastifyInstance, FastifyReply } from 'fastify'
import { IDENTITY_PROVIDER_IDS, isIdentityProviderId } from '../../src/contract/third-party.ts'
import type { IdentityDesk } from '../identity/identity-desk.ts'
import { fieldsOf, isWholeNumber, refuse } from './body.ts'
import type { ControlPorts } from './control-plane.ts'

const LARGEST_USER = 3_999_999_999
const HINT = `provider: ${IDENTITY_PROVIDER_IDS.join(', ')}; user: 0 to ${LARGEST_USER}; app: "target" or "foreign".`

/** Spares tests the providers' consent pages, and takes tokens back as a person does in the provider's settings. */
export function addThirdPartyRoutes(app: FastifyInstance, ports: ControlPorts): void {
  app.post('/__onetap/third-party/credentials', (request, reply) => {
    const fields = fieldsOf(request.body, ['provider', 'user', 'app'])
    if (typeof fields === 'string') return refuse(reply, 400, 'BAD_REQUEST', fields, HINT)
    const { provider, user, app: whose = 'target' } = fields
    if (!isWholeNumber(user, 0, LARGEST_USER)) return refuse(reply, 400, 'BAD_REQUEST', 'user is no such number.', HINT)
    if (whose !== 'target' && whose !== 'foreign') return refuse(reply, 400, 'BAD_REQUEST', 'Unknown app.', HINT)
    const desk = deskOf(provider, ports, reply)
    return desk === undefined ? reply : reply.send(desk.credential(user, whose === 'target' ? 0 : 1))
  })
  app.post('/__onetap/third-party/revoke', (request, reply) => {
    const fields = fieldsOf(request.body, ['provider', 'accessToken'])
    if (typeof fields === 'string') return refuse(reply, 400, 'BAD_REQUEST', fields, HINT)
    const { provider, accessToken } = fields
    if (typeof accessToken !== 'string') return refuse(reply, 400, 'BAD_REQUEST', 'accessToken must be a text.', HINT)
    const desk = deskOf(provider, ports, reply)
    if (desk === undefined) return reply
    if (!desk.revoke(accessToken)) return refuse(reply, 404, 'TOKEN_UNKNOWN', 'This provider gave out no such token.', HINT)
    return reply.send({ revoked: true })
  })
}

/** The provider's desk, or undefined after refusing. */
function deskOf(provider: unknown, ports: ControlPorts, reply: FastifyReply): IdentityDesk | undefined {
  const desk = isIdentityProviderId(provider) ? ports.dialects.find(one => one.provider === provider)?.desk : undefined
  if (desk === undefined) refuse(reply, 400, 'PROVIDER_UNKNOWN', 'No such identity provider runs.', HINT)
  return desk
}
