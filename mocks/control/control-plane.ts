import { hash, timingSafeEqual } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { carriersAmong } from '../../src/contract/providers.ts'
import type { BehaviourState } from '../behaviour.ts'
import type { MockClock } from '../clock.ts'
import type { Dialect } from '../dialect.ts'
import type { Journal } from '../journal.ts'
import type { NumberLives } from '../life.ts'
import type { Memories } from '../memory.ts'
import type { DeliveryLog } from '../notices/delivery-log.ts'
import type { NoticeSender } from '../notices/notice-sender.ts'
import type { SmsInbox } from '../sms-inbox.ts'
import type { Subscribers } from '../subscribers.ts'
import type { Teller } from '../teller.ts'
import { MOCKS_VERSION } from '../version.ts'
import { addBehaviourRoutes } from './behaviour-routes.ts'
import { refuse } from './body.ts'
import { addFaultRoutes } from './fault-routes.ts'
import { isOwnHost } from './host-check.ts'
import { addJournalRoutes } from './journal-routes.ts'
import { addLifeRoutes } from './life-routes.ts'
import { addMessageRoutes } from './message-routes.ts'
import { addMetricsRoutes } from './metrics-routes.ts'
import { addOpenApiRoute } from './open-api-route.ts'
import { addPageRoutes, PAGE_ROUTES } from './page-routes.ts'
import { addPeopleRoutes } from './people-routes.ts'
import { addSnapshotRoutes } from './snapshot-routes.ts'
import { addThirdPartyRoutes } from './third-party-routes.ts'
import { addVerifyRoutes } from './verify-routes.ts'

export interface ControlPorts {
  runId: string
  seed: number
  controlToken: string
  dialects: readonly Dialect[]
  clock: MockClock
  behaviour: BehaviourState
  lives: NumberLives
  teller: Teller
  journal: Journal
  inbox: SmsInbox
  notices: NoticeSender
  deliveries: DeliveryLog
  subscribers: Subscribers
  memories: Memories
  /** Names beside addresses and localhost under which the control plane may be called. */
  hostNames?: readonly string[]
}

const OPEN_ROUTES: readonly string[] = ['/__onetap/identity', '/__onetap/health', ...PAGE_ROUTES]

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of the control plane as `METHOD path`: the OpenAPI document is held against it. */
    controlRoutes: readonly string[]
  }
}

/** Where the harness, not the backend, speaks to the mocks. Loopback and a bearer token; errors are {error:{code,message,hint}}. */
export function controlPlane(ports: ControlPorts): FastifyInstance {
  const app = fastify({ forceCloseConnections: true, exposeHeadRoutes: false })
  const routes: string[] = []
  app.decorate('controlRoutes', routes)
  app.addHook('onRoute', ({ method, url }) => {
    routes.push(...[method].flat().map(one => `${one} ${url}`))
  })
  const expected = digest(`Bearer ${ports.controlToken}`)
  const hostNames = (ports.hostNames ?? []).map(name => name.toLowerCase())
  app.addHook('onRequest', async (request, reply) => {
    if (!isOwnHost(request.headers.host, hostNames)) {
      return refuse(
        reply,
        421,
        'HOST_REFUSED',
        'The Host header names another host.',
        'Call by address, or name the host with --control-host-name.',
      )
    }
    if (OPEN_ROUTES.includes(request.routeOptions.url ?? '')) return
    if (timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) return
    return refuse(reply, 401, 'UNAUTHORIZED', 'Bearer token missing or wrong.', 'Use controlToken of the ready line.')
  })
  app.get('/__onetap/identity', () => ({
    runId: ports.runId,
    role: 'mocks',
    version: MOCKS_VERSION,
    carriers: carriersAmong(ports.dialects).map(dialect => dialect.provider),
    providers: ports.dialects.map(dialect => dialect.provider),
  }))
  app.get('/__onetap/health', () => ({ status: 'ok' }))
  addPageRoutes(app)
  addOpenApiRoute(app)
  addBehaviourRoutes(app, ports)
  addFaultRoutes(app, ports)
  addJournalRoutes(app, ports)
  addVerifyRoutes(app, ports)
  addSnapshotRoutes(app, ports)
  addMetricsRoutes(app, ports)
  addPeopleRoutes(app, ports)
  addLifeRoutes(app, ports)
  addMessageRoutes(app, ports)
  addThirdPartyRoutes(app, ports)
  app.setNotFoundHandler((request, reply) =>
    refuse(reply, 404, 'NOT_FOUND', `No route ${request.method} ${request.url.slice(0, 200)}.`, 'Routes begin with /__onetap/.'),
  )
  app.setErrorHandler((error, _request, reply) => {
    const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
    if (status >= 500 || !(error instanceof Error)) throw error
    return refuse(reply, status, 'BAD_REQUEST', error.message, 'Send a JSON object with content-type application/json.')
  })
  return app
}

function digest(text: string): Buffer {
  return Buffer.from(hash('sha256', text, 'hex'))
}
