import { CARRIER_IDS, type CarrierId, carrierOrdinal } from '../src/contract/carriers.ts'
import { SUBSCRIBER_LIMIT } from '../src/contract/people.ts'

export interface SubscribersSnapshot {
  handedOut: [CarrierId, number][]
  /** Whose turn it is when no carrier is named. */
  turn: number
}

/**
 * Hands out subscribers that load does not use: from `loadSubscribers` upward, and when none is left (load may use all ten
 * million) from the top of the load's own range downward. Those last may log in under load as well; nothing else is free.
 * Never hands out one twice, not even after a reset, because a target remembers whom it has seen.
 */
export class Subscribers {
  readonly #loadSubscribers: number
  readonly #carriers: readonly CarrierId[]
  readonly #handedOut = new Map<CarrierId, number>()
  #turn = 0

  constructor(loadSubscribers: number, carriers: readonly CarrierId[]) {
    this.#loadSubscribers = loadSubscribers
    // Mocks without a carrier still have subscribers of all three: aggregators redeem their tokens.
    this.#carriers = carriers.length > 0 ? carriers : CARRIER_IDS
  }

  /** Index of a fresh subscriber; undefined when the carrier has none left. Carriers take turns unless one is named. */
  fresh(carrier?: CarrierId): number | undefined {
    const from = carrier ?? this.#carriers[this.#turn++ % this.#carriers.length]
    if (from === undefined) return undefined
    const position = this.#handedOut.get(from) ?? 0
    const index = this.#at(from, position)
    if (index !== undefined) this.#handedOut.set(from, position + 1)
    return index
  }

  /** How many of each carrier were handed out. */
  snapshot(): SubscribersSnapshot {
    return { handedOut: [...this.#handedOut], turn: this.#turn }
  }

  /** Counts those of a snapshot as handed out too. */
  restore({ handedOut, turn }: SubscribersSnapshot): void {
    this.#turn = turn
    for (const [carrier, count] of handedOut) this.#handedOut.set(carrier, Math.max(count, this.#handedOut.get(carrier) ?? 0))
  }

  #at(carrier: CarrierId, position: number): number | undefined {
    const step = CARRIER_IDS.length
    const first = firstFrom(this.#loadSubscribers, carrierOrdinal(carrier))
    const above = Math.max(0, Math.ceil((SUBSCRIBER_LIMIT - first) / step))
    const index = position < above ? first + position * step : first - (position - above + 1) * step
    return index < 0 ? undefined : index
  }
}

/** The least index from `start` on that lies in this carrier's range. */
function firstFrom(start: number, ordinal: number): number {
  const step = CARRIER_IDS.length
  return start + ((ordinal - (start % step) + step) % step)
}
