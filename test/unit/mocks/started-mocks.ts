import { type RunningMocks, startMocks } from '../../../mocks/start.ts'
import { CARRIER_IDS, type CarrierId } from '../../../src/contract/carriers.ts'
import type { HandsetSim, IssuedToken, JournalRow, MockBehaviour, MocksSettings } from '../../../src/contract/journal.ts'
import type { ProviderId } from '../../../src/contract/providers.ts'

export const SETTINGS: MocksSettings = {
  runId: 'unit-run',
  seed: 77,
  subscribers: 3000,
  carriers: CARRIER_IDS,
  behaviour: { latency: { kind: 'none' }, faults: [], singleUse: 'strict' },
}

/** Mocks in this process, with the few things tests ask of them. */
export interface StartedMocks extends RunningMocks {
  url(provider: ProviderId): string
  appId(provider: ProviderId, position?: number): string
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }>
  behave(behaviour: Partial<MockBehaviour>): Promise<void>
  fresh(carrier: CarrierId): Promise<HandsetSim>
  token(sim: HandsetSim, extra?: object): Promise<IssuedToken>
  /** Rows of calls with this token. */
  rows(token: string): Promise<JournalRow[]>
}

export async function startedMocks(change: Partial<MocksSettings> = {}): Promise<StartedMocks> {
  const mocks = await startMocks({ ...SETTINGS, ...change })
  const { ready } = mocks
  const provider = (id: ProviderId) => ready.providers.find(one => one.provider === id)!
  const control = async <T>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> => {
    const response = await fetch(`${ready.controlUrl}/__onetap${path}`, {
      method,
      headers: {
        authorization: `Bearer ${ready.controlToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as T }
  }
  return {
    ...mocks,
    url: id => provider(id).url,
    appId: (id, position = 0) => provider(id).appIds[position]!,
    control,
    behave: async behaviour => {
      const { status, body } = await control('PUT', '/behaviour', behaviour)
      if (status !== 200) throw new Error(JSON.stringify(body))
    },
    fresh: async carrier => (await control<HandsetSim>('POST', '/subscribers', { carrier })).body,
    token: async (sim, extra = {}) => (await control<IssuedToken>('POST', '/tokens', { msisdn: sim.msisdn, ...extra })).body,
    rows: async token => (await control<{ rows: JournalRow[] }>('POST', '/journal/query', { tokens: [token] })).body.rows,
  }
}
