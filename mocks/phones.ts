import type { CarrierId } from '../src/contract/carriers.ts'
import type { Fact } from './dialect.ts'
import type { Memory } from './memory.ts'

/** How a phone is connected. A phone nobody spoke of has mobile data and no Wi-Fi. */
export interface Connection {
  wifi: boolean
  mobileData: boolean
}

/** How a phone reached its carrier for a token. */
export type Way =
  /** Over mobile data. */
  | 'mobile-data'
  /** On Wi-Fi, from which the SDK switched to mobile data for the moment. */
  | 'switched-from-wifi'
  /** Over Wi-Fi alone, with the temporary token that an earlier success left behind. */
  | 'temporary-token'

export type Reached = { kind: 'reached'; way: Way } | { kind: 'no-network' } | { kind: 'no-mobile-data' }

/** One app on one phone: its SDK's storage is its own. `app` holds provider and app id. */
export interface AppOnPhone {
  imsi: string
  app: string
  carrier: CarrierId
}

interface Kept {
  /** Masked number, until then. */
  maskUntilMs?: number
  /** Temporary token, until then. */
  temporaryUntilMs?: number
}

export interface PhonePorts {
  nowMs(): number
  /** What the SIM card's carrier assumes under `mask-cache` and `temporary-token`. */
  assume(carrier: CarrierId, name: string): string
}

/** How long an SDK shows a masked number again without asking, by the answers to `mask-cache`. */
const MASK_LIVES_MS: Readonly<Record<string, number>> = { '10-minutes': 600_000, '1-hour': 3_600_000, none: 0 }
/** No source says how long a temporary token lives. */
const TEMPORARY_LIFE_MS = 86_400_000
const MOST_KEPT = 100_000

/** Answers to `mask-cache` and `temporary-token`. */
export const PHONE_ASSUMPTIONS = {
  'mask-cache': ['10-minutes', '1-hour', 'none'],
  'temporary-token': ['once', 'many-times', 'none'],
} as const

/** What these assumptions rest on, the same for each carrier. */
export const PHONE_FACTS: readonly Fact[] = [
  {
    about: 'an SDK keeps the masked number for 10 minutes',
    mark: 'assumed',
    switch: 'mask-cache',
    source: 'that it is cached is described, for how long is not',
  },
  {
    about: 'without mobile data an SDK may use, once, a temporary token that the last success left behind',
    mark: 'assumed',
    switch: 'temporary-token',
    source: 'described for some SDKs; life of a day is ours',
  },
]

/** Phones as far as they differ from one another: connection, and what each app's SDK keeps. A new SIM card is a new phone. */
export class Phones implements Memory {
  readonly #ports: PhonePorts
  readonly #connections = new Map<string, Connection>()
  readonly #kept = new Map<string, Kept>()

  constructor(ports: PhonePorts) {
    this.#ports = ports
  }

  connection(imsi: string): Connection {
    return this.#connections.get(imsi) ?? { wifi: false, mobileData: true }
  }

  connect(imsi: string, change: Partial<Connection>): Connection {
    const connection = { ...this.connection(imsi), ...change }
    keep(this.#connections, imsi, connection)
    return connection
  }

  /** Gets the masked number: from the SDK's cache with any connection or none, else over mobile data, which fills the cache. */
  prefetch(on: AppOnPhone): Reached | { kind: 'cached' } {
    const kept = this.#keptBy(on)
    if ((kept.maskUntilMs ?? 0) > this.#ports.nowMs()) return { kind: 'cached' }
    const reached = overMobileData(this.connection(on.imsi))
    if (reached.kind === 'reached') this.#remember(on, { ...kept, maskUntilMs: this.#maskUntilMs(on) })
    return reached
  }

  /** Asks for a token: over mobile data, which leaves a temporary token behind; else over Wi-Fi with that one. */
  authorize(on: AppOnPhone): Reached {
    const connection = this.connection(on.imsi)
    const kept = this.#keptBy(on)
    const rule = this.#ports.assume(on.carrier, 'temporary-token')
    const reached = overMobileData(connection)
    if (reached.kind === 'reached') {
      const temporaryUntilMs = this.#ports.nowMs() + TEMPORARY_LIFE_MS
      this.#remember(on, { ...kept, maskUntilMs: this.#maskUntilMs(on), ...(rule === 'none' ? {} : { temporaryUntilMs }) })
      return reached
    }
    if (rule === 'none' || !connection.wifi || (kept.temporaryUntilMs ?? 0) <= this.#ports.nowMs()) return reached
    if (rule === 'once') this.#remember(on, { ...kept, temporaryUntilMs: 0 })
    return { kind: 'reached', way: 'temporary-token' }
  }

  snapshot(): PhonesSnapshot {
    return { connections: [...this.#connections], kept: [...this.#kept] }
  }

  restore(state: unknown): void {
    const { connections, kept } = state as PhonesSnapshot
    for (const [imsi, connection] of connections) this.#connections.set(imsi, connection)
    for (const [key, one] of kept) this.#kept.set(key, one)
  }

  reset(): void {
    this.#connections.clear()
    this.#kept.clear()
  }

  #keptBy({ imsi, app }: AppOnPhone): Kept {
    return this.#kept.get(`${imsi} ${app}`) ?? {}
  }

  #remember({ imsi, app }: AppOnPhone, kept: Kept): void {
    keep(this.#kept, `${imsi} ${app}`, kept)
  }

  #maskUntilMs({ carrier }: AppOnPhone): number {
    return this.#ports.nowMs() + (MASK_LIVES_MS[this.#ports.assume(carrier, 'mask-cache')] ?? 0)
  }
}

interface PhonesSnapshot {
  connections: [string, Connection][]
  kept: [string, Kept][]
}

function overMobileData({ wifi, mobileData }: Connection): Reached {
  if (mobileData) return { kind: 'reached', way: wifi ? 'switched-from-wifi' : 'mobile-data' }
  return { kind: wifi ? 'no-mobile-data' : 'no-network' }
}

function keep<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= MOST_KEPT) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
