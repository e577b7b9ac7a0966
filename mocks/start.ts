import { randomBytes } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import type { FastifyInstance } from 'fastify'
import { HarnessError } from '../src/contract/errors.ts'
import type { MockProvider, MocksReady, MocksSettings } from '../src/contract/journal.ts'
import type { ProviderId } from '../src/contract/providers.ts'
import { BehaviourState } from './behaviour.ts'
import { carriers } from './carriers/index.ts'
import { makeCertificates } from './certificates.ts'
import { mockClock } from './clock.ts'
import { controlPlane } from './control/control-plane.ts'
import type { Dialect, ProviderPart } from './dialect.ts'
import { providerGateway } from './gateway.ts'
import { addHandsetRoutes } from './handset.ts'
import { Journal } from './journal.ts'
import { NumberLives } from './life.ts'
import { Memories } from './memory.ts'
import { DeliveryLog } from './notices/delivery-log.ts'
import { NoticeSender } from './notices/notice-sender.ts'
import { postOnce } from './notices/post.ts'
import { pacemaker } from './pacemaker.ts'
import { parts } from './parts.ts'
import { Phones } from './phones.ts'
import { SmsInbox } from './sms-inbox.ts'
import { Subscribers } from './subscribers.ts'
import { Teller } from './teller.ts'

export interface RunningMocks {
  ready: MocksReady
  /** Stops listening and cuts all connections. */
  close(): Promise<void>
}

/** Starts one gateway per provider and the control plane, each on its own port. Throws HarnessError PORT_IN_USE. */
export async function startMocks(settings: MocksSettings): Promise<RunningMocks> {
  const { seed, runId } = settings
  const clock = mockClock()
  const behaviour = new BehaviourState(seed, settings.behaviour, clock.wallMs)
  const lives = new NumberLives(seed, runId)
  const teller = new Teller({ seed, lives, behaviour })
  const journal = new Journal()
  const pace = pacemaker()
  const memories = new Memories()
  const inbox = memories.keep('sms inbox', new SmsInbox())
  const deliveries = new DeliveryLog()
  const notices = new NoticeSender({ seed, log: deliveries, post: postOnce, wallMs: clock.wallMs, after: afterTimer })
  const carrierRules = new Map(carriers.map(part => [part.id, assumptionReader(part, behaviour)]))
  const phones = memories.keep(
    'phones',
    new Phones({ nowMs: clock.nowMs, assume: (carrier, name) => carrierRules.get(carrier)?.(name) ?? '' }),
  )
  const ports = { seed, teller, lives, phones, inbox, notices, nowMs: clock.nowMs, wallMs: clock.wallMs }
  const dialects = await Promise.all(
    partsOf(settings).map(part =>
      part.open({
        ...ports,
        assume: assumptionReader(part, behaviour),
        keep: (name, memory) => memories.keep(`${part.id}/${name}`, memory),
      }),
    ),
  )
  const controlToken = randomBytes(24).toString('base64url')
  const open: FastifyInstance[] = []
  const close = async (): Promise<void> => {
    notices.reset()
    await pace.close()
    await Promise.all(open.map(app => app.close()))
  }
  try {
    const tls = settings.tls === true ? await makeCertificates(certifiedHosts(settings), clock.wallMs()) : undefined
    const gateways = new Map<ProviderId, string>()
    for (const dialect of dialects) {
      const app = providerGateway(
        dialect,
        { seed, behaviour, journal, pacemaker: pace, clock, memories },
        tls,
        settings.requestPatienceMs,
      )
      addHandsetRoutes(app, dialect, { ...ports, journal, dialects })
      open.push(app)
      gateways.set(dialect.provider, await listen(app, settings, dialect.provider))
    }
    const subscribers = new Subscribers(settings.subscribers, settings.carriers)
    const books = { lives, teller, journal, inbox, notices, deliveries, subscribers, memories }
    const hostNames = settings.controlHostNames ?? []
    const control = controlPlane({ runId, seed, controlToken, dialects, clock, behaviour, hostNames, ...books })
    open.push(control)
    const controlUrl = await listen(control, settings, 'control')
    const ready = readyLine(settings, dialects, gateways, controlUrl, controlToken)
    return { ready: tls === undefined ? ready : { ...ready, caPem: tls.caPem }, close }
  } catch (error) {
    await close()
    throw error
  }
}

function afterTimer(waitMs: number, run: () => void): () => void {
  const timer = setTimeout(run, waitMs)
  return () => clearTimeout(timer)
}

/** Every name and address of this machine that somebody may call the mocks by. */
function certifiedHosts({ host, controlHostNames = [] }: MocksSettings): string[] {
  const wildcards = ['0.0.0.0', '::']
  const told = host === undefined || wildcards.includes(host) ? [hostname()] : [host]
  return [...new Set(['localhost', '127.0.0.1', '::1', ...told, ...controlHostNames])]
}

function partsOf({ carriers, providers = [] }: MocksSettings): ProviderPart[] {
  const wanted: readonly ProviderId[] = [...carriers, ...providers]
  return parts.filter(part => wanted.includes(part.id))
}

/** Reads what a part assumes now. Asked several times a call, so what was found is kept until the behaviour changes. */
function assumptionReader(part: ProviderPart, behaviour: BehaviourState): (name: string) => string {
  const known = new Map<string, string>()
  let seen = behaviour.current
  return name => {
    if (behaviour.current !== seen) {
      known.clear()
      seen = behaviour.current
    }
    const found = known.get(name)
    if (found !== undefined) return found
    const answers = part.assumptions?.[name]
    if (answers === undefined) throw new Error(`${part.id} does not list the assumption ${name}`)
    const answer = seen.assumptions?.[`${part.id}.${name}`] ?? answers[0]
    known.set(name, answer)
    return answer
  }
}

function readyLine(
  settings: MocksSettings,
  dialects: readonly Dialect[],
  urls: ReadonlyMap<ProviderId, string>,
  controlUrl: string,
  controlToken: string,
): MocksReady {
  const providers: MockProvider[] = []
  const environment: Record<string, string> = {}
  for (const provider of new Set<ProviderId>([...settings.carriers, ...(settings.providers ?? [])])) {
    const dialect = dialects.find(one => one.provider === provider)
    const url = urls.get(provider)
    if (dialect === undefined || url === undefined) continue
    const keys = dialect.environment(url)
    providers.push({ provider, url, appIds: dialect.apps.map(app => app.appId), keys })
    Object.assign(environment, keys)
  }
  return { runId: settings.runId, controlUrl, controlToken, providers, environment }
}

async function listen(app: FastifyInstance, settings: MocksSettings, name: ProviderId | 'control'): Promise<string> {
  const host = settings.host ?? '127.0.0.1'
  const port = settings.ports?.[name] ?? 0
  try {
    await app.listen({ host, port })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw new HarnessError('PORT_IN_USE', `Port ${port} for the mock "${name}" is taken by another process.`, {
        hint: 'Choose another port, or name none: any free one is taken then.',
        cause: error,
      })
    }
    throw error
  }
  const address = app.server.address() as AddressInfo
  // A wildcard address is no place to call; whoever reads the line runs on this machine.
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  const scheme = settings.tls === true && name !== 'control' ? 'https' : 'http'
  return `${scheme}://${reachable}:${address.port}`
}
