import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { CarrierId } from '../src/contract/carriers.ts'
import { HarnessError } from '../src/contract/errors.ts'
import type { MockProvider, MocksReady, MocksSettings } from '../src/contract/journal.ts'
import { BehaviourState } from './behaviour.ts'
import { carriers } from './carriers/index.ts'
import { mockClock } from './clock.ts'
import { controlPlane } from './control/control-plane.ts'
import type { Dialect } from './dialect.ts'
import { carrierGateway } from './gateway.ts'
import { addHandsetRoutes } from './handset.ts'
import { Journal } from './journal.ts'
import { NumberLives } from './life.ts'
import { pacemaker } from './pacemaker.ts'
import { Subscribers } from './subscribers.ts'
import { Teller } from './teller.ts'

export interface RunningMocks {
  ready: MocksReady
  /** Stops listening and cuts all connections. */
  close(): Promise<void>
}

/** Starts one gateway per carrier and the control plane, each on its own port. Throws HarnessError PORT_IN_USE. */
export async function startMocks(settings: MocksSettings): Promise<RunningMocks> {
  const { seed, runId } = settings
  const clock = mockClock()
  const behaviour = new BehaviourState(seed, settings.behaviour)
  const lives = new NumberLives(seed, runId)
  const teller = new Teller({ seed, lives, behaviour })
  const journal = new Journal()
  const pace = pacemaker()
  const ports = { seed, teller, lives, nowMs: clock.nowMs, wallMs: clock.wallMs }
  const dialects = await Promise.all(carriersOf(settings).map(part => part.open(ports)))
  const controlToken = randomBytes(24).toString('base64url')
  const open: FastifyInstance[] = []
  const close = async (): Promise<void> => {
    await pace.close()
    await Promise.all(open.map(app => app.close()))
  }
  try {
    const gateways = new Map<CarrierId, string>()
    for (const dialect of dialects) {
      const app = carrierGateway(dialect, { seed, behaviour, journal, pacemaker: pace })
      addHandsetRoutes(app, dialect, ports)
      open.push(app)
      gateways.set(dialect.carrier, await listen(app, settings, dialect.carrier))
    }
    const subscribers = new Subscribers(settings.subscribers, settings.carriers)
    const control = controlPlane({ runId, seed, controlToken, dialects, clock, behaviour, lives, teller, journal, subscribers })
    open.push(control)
    const controlUrl = await listen(control, settings, 'control')
    return { ready: readyLine(settings, dialects, gateways, controlUrl, controlToken), close }
  } catch (error) {
    await close()
    throw error
  }
}

function carriersOf(settings: MocksSettings): typeof carriers {
  return carriers.filter(part => settings.carriers.includes(part.id))
}

function readyLine(
  settings: MocksSettings,
  dialects: readonly Dialect[],
  urls: ReadonlyMap<CarrierId, string>,
  controlUrl: string,
  controlToken: string,
): MocksReady {
  const providers: MockProvider[] = []
  const environment: Record<string, string> = {}
  for (const carrier of settings.carriers) {
    const dialect = dialects.find(one => one.carrier === carrier)
    const url = urls.get(carrier)
    if (dialect === undefined || url === undefined) continue
    providers.push({ carrier, url, appIds: dialect.apps.map(app => app.appId) })
    Object.assign(environment, dialect.environment(url))
  }
  return { runId: settings.runId, controlUrl, controlToken, providers, environment }
}

async function listen(app: FastifyInstance, settings: MocksSettings, name: CarrierId | 'control'): Promise<string> {
  const host = settings.host ?? '127.0.0.1'
  const port = settings.ports?.[name] ?? 0
  try {
    await app.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new HarnessError('PORT_IN_USE', `Port ${port} for the mock "${name}" is taken by another process.`, {
        hint: 'Choose another port, or 0 for any free one.',
        cause: error,
      })
    }
    throw error
  }
  const address = app.server.address() as AddressInfo
  // A wildcard address is no place to call; whoever reads the line runs on this machine.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  return `http://${reachable}:${address.port}`
}
