import { CARRIER_IDS, type CarrierId } from '../src/contract/carriers.ts'
import type { HandsetSim, LifeEventKind, RebindNotice } from '../src/contract/journal.ts'
import { exhaustive } from '../src/contract/json.ts'
import { imsiOf, SUBSCRIBER_LIMIT, subscriberAt } from '../src/contract/people.ts'

/** Who serves a number now and since when, counted in SIM cards. */
export interface Tenure {
  /** Carrier that serves the number; differs from the number's range after porting. */
  carrier: CarrierId
  /** The living SIM card; earlier ones are dead. 0 = the first. */
  generation: number
  /** First SIM card of the present holder: a token of an earlier one belongs to somebody who lost the number. */
  heldSince: number
}

export interface LifeRequest {
  index: number
  kind: LifeEventKind
  /** Needed for, and only for, porting. */
  toCarrier?: CarrierId
  nowMs: number
}

export type LifeResult =
  | { kind: 'happened'; notice: RebindNotice; sim: HandsetSim }
  /** A token has four bits for the SIM generation, so a number can live through fifteen events. */
  | { kind: 'worn-out' }
  /** Ported to the carrier that serves it already, or porting without a carrier. */
  | { kind: 'no-new-carrier' }

const LAST_GENERATION = 15

/** Notices are numbered from a second count since this moment, so a later process goes on where an earlier one stopped. */
const SEQUENCE_ORIGIN_MS = 1_577_836_800_000

/**
 * What happened to numbers since the start. Only numbers with an event take memory. Each event makes a new SIM card, because
 * reissue, replacement and porting all change the IMSI; that alone must not tell a target who holds the number (carriers-cn.md 9.3).
 */
export class NumberLives {
  readonly #seed: number
  readonly #runId: string
  readonly #tenures = new Map<number, Tenure>()
  #sequence = 0

  constructor(seed: number, runId: string) {
    this.#seed = seed
    this.#runId = runId
  }

  tenure(index: number): Tenure {
    return this.#tenures.get(index) ?? { carrier: rangeCarrier(index), generation: 0, heldSince: 0 }
  }

  /** The living SIM card of a number. */
  sim(index: number): HandsetSim {
    const { carrier, generation } = this.tenure(index)
    const { msisdn } = subscriberAt(this.#seed, index)
    return { index, carrier, msisdn, imsi: imsiOf(carrier, index, generation) }
  }

  /** The SIM card with this IMSI, undefined when there is none or it is dead. */
  simByImsi(imsi: string): HandsetSim | undefined {
    if (!/^460\d{12}$/.test(imsi)) return undefined
    const index = Number(imsi.slice(8))
    if (index >= SUBSCRIBER_LIMIT) return undefined
    const sim = this.sim(index)
    return sim.imsi === imsi ? sim : undefined
  }

  /** Lets an event happen; the sequence ascends over all numbers, and so per number. */
  happen(request: LifeRequest): LifeResult {
    const before = this.tenure(request.index)
    if (before.generation >= LAST_GENERATION) return { kind: 'worn-out' }
    const after = successor(before, request)
    if (after === undefined) return { kind: 'no-new-carrier' }
    this.#tenures.set(request.index, after)
    this.#sequence = Math.max(this.#sequence + 1, Math.floor((request.nowMs - SEQUENCE_ORIGIN_MS) / 1000))
    const sim = this.sim(request.index)
    const notice: RebindNotice = {
      eventId: `${this.#runId}-${this.#sequence}`,
      kind: request.kind,
      msisdn: sim.msisdn,
      carrier: before.carrier,
      ...(request.kind === 'ported' ? { toCarrier: after.carrier } : {}),
      occurredAt: new Date(request.nowMs).toISOString(),
      sequence: this.#sequence,
    }
    return { kind: 'happened', notice, sim }
  }

  /** Every number is back with its first holder. The sequence goes on: a target may remember it. */
  reset(): void {
    this.#tenures.clear()
  }
}

function successor(before: Tenure, request: LifeRequest): Tenure | undefined {
  const generation = before.generation + 1
  switch (request.kind) {
    case 'reissued':
      return { carrier: before.carrier, generation, heldSince: generation }
    case 'sim-replaced':
      return { carrier: before.carrier, generation, heldSince: before.heldSince }
    case 'ported':
      if (request.toCarrier === undefined || request.toCarrier === before.carrier) return undefined
      return { carrier: request.toCarrier, generation, heldSince: before.heldSince }
    default:
      return exhaustive(request.kind)
  }
}

/** The carrier whose number range holds this subscriber. */
export function rangeCarrier(index: number): CarrierId {
  return CARRIER_IDS[index % CARRIER_IDS.length] ?? 'china-mobile'
}
