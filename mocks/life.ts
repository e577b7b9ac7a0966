import { CARRIER_IDS, type CarrierId } from '../src/contract/carriers.ts'
import type { HandsetSim, RebindNotice } from '../src/contract/journal.ts'
import { exhaustive } from '../src/contract/json.ts'
import type { NumberEventKind, NumberState } from '../src/contract/number-life.ts'
import { imsiOf, SUBSCRIBER_LIMIT, subscriberAt } from '../src/contract/people.ts'
import { afterEvent, firstActivationMs, type NumberEvent, type NumberHistory, untouchedHistory } from './number-history.ts'

/** Who serves a number now and since when, counted in SIM cards. */
export interface Tenure {
  /** Carrier that serves the number; differs from the number's range after porting. */
  carrier: CarrierId
  /** The living SIM card; earlier ones are dead. 0 = the first. */
  generation: number
  /**
   * First SIM card of the present holder: a token of an earlier one belongs to somebody who lost the number. Above `generation`
   * while nobody holds the number, so no SIM card lives and every token is a former holder's.
   */
  heldSince: number
}

export interface LifeRequest {
  index: number
  kind: NumberEventKind
  /** Needed for, and only for, porting. */
  toCarrier?: CarrierId
  nowMs: number
  /** When it happened, if not now: not after now, not before the number's last event. */
  atMs?: number
}

export type LifeResult =
  | { kind: 'happened'; notice: RebindNotice; sim: HandsetSim }
  /** Happened, but is nothing that carriers tell services: no notice. `sim` is dead when nobody holds the number. */
  | { kind: 'happened-untold'; sim: HandsetSim }
  /** A token has four bits for the SIM generation, so a number can live through fifteen new SIM cards; and 64 events in all. */
  | { kind: 'worn-out' }
  /** The number is not in the state this event starts from. */
  | { kind: 'wrong-state'; state: NumberState }
  /** `atMs` lies in the future or before the number's last event. */
  | { kind: 'wrong-time' }
  /** Ported to the carrier that serves it already, or porting without a carrier. */
  | { kind: 'no-new-carrier' }

const LAST_GENERATION = 15
const EVENTS_AT_MOST = 64

/** Notices are numbered from a second count since this moment, so a later process goes on where an earlier one stopped. */
const SEQUENCE_ORIGIN_MS = 1_577_836_800_000

/**
 * What happened to numbers since the start. Only numbers with an event take memory. Each event makes a new SIM card, because
 * reissue, replacement and porting all change the IMSI; that alone must not tell a target who holds the number ([S22], [S48]).
 */
export class NumberLives {
  readonly #seed: number
  readonly #runId: string
  readonly #lives = new Map<number, Life>()
  readonly #listeners: ((event: NumberEvent & { index: number }) => void)[] = []
  #sequence = 0

  constructor(seed: number, runId: string) {
    this.#seed = seed
    this.#runId = runId
  }

  tenure(index: number): Tenure {
    return this.#lives.get(index)?.tenure ?? { carrier: rangeCarrier(index), generation: 0, heldSince: 0 }
  }

  /** The operators' books about a number; the same for every provider that asks. */
  history(index: number): NumberHistory {
    return this.#lives.get(index)?.history ?? untouchedHistory(rangeCarrier(index), firstActivationMs(this.#seed, index))
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
    return sim.imsi === imsi && this.isHeld(index) ? sim : undefined
  }

  /** Whether anybody holds the number, so that it has a living SIM card. */
  isHeld(index: number): boolean {
    const { generation, heldSince } = this.tenure(index)
    return heldSince <= generation
  }

  /** Calls back after each event, when the books show it already. */
  onEvent(listener: (event: NumberEvent & { index: number }) => void): void {
    this.#listeners.push(listener)
  }

  /** Lets an event happen; the sequence ascends over all numbers, and so per number. */
  happen(request: LifeRequest): LifeResult {
    const { index, kind, nowMs, atMs = nowMs } = request
    const life = this.#lives.get(index) ?? { tenure: this.tenure(index), history: this.history(index), events: 0, lastMs: 0 }
    if (life.events >= EVENTS_AT_MOST) return { kind: 'worn-out' }
    if (!STARTS_FROM[kind].includes(life.history.state)) return { kind: 'wrong-state', state: life.history.state }
    if (atMs > nowMs || atMs < life.lastMs) return { kind: 'wrong-time' }
    const before = life.tenure
    const tenure = successor(before, request)
    if (tenure === undefined) return { kind: 'no-new-carrier' }
    if (tenure.generation > LAST_GENERATION) return { kind: 'worn-out' }
    const history = afterEvent(life.history, { kind, atMs, carrier: tenure.carrier })
    this.#lives.set(index, { tenure, history, events: life.events + 1, lastMs: atMs })
    for (const listener of this.#listeners) listener({ index, kind, atMs, carrier: tenure.carrier })
    const sim = this.sim(index)
    if (kind !== 'reissued' && kind !== 'sim-replaced' && kind !== 'ported') return { kind: 'happened-untold', sim }
    this.#sequence = Math.max(this.#sequence + 1, Math.floor((nowMs - SEQUENCE_ORIGIN_MS) / 1000))
    const notice: RebindNotice = {
      eventId: `${this.#runId}-${this.#sequence}`,
      kind,
      msisdn: sim.msisdn,
      carrier: before.carrier,
      ...(kind === 'ported' ? { toCarrier: tenure.carrier } : {}),
      occurredAt: new Date(atMs).toISOString(),
      sequence: this.#sequence,
    }
    return { kind: 'happened', notice, sim }
  }

  /** Numbers that something happened to. */
  snapshot(): LivesSnapshot {
    return [...this.#lives]
  }

  /** Takes all numbers back to a snapshot. The sequence goes on: a target may remember it. */
  restore(snapshot: LivesSnapshot): void {
    this.#lives.clear()
    for (const [index, life] of snapshot) this.#lives.set(index, life)
  }

  /** Every number is back with its first holder. The sequence goes on: a target may remember it. */
  reset(): void {
    this.#lives.clear()
  }
}

/** Lives by subscriber index, as plain data. */
export type LivesSnapshot = [number, Life][]

interface Life {
  tenure: Tenure
  history: NumberHistory
  events: number
  lastMs: number
}

/** A reissue without the steps before it is allowed: harnesses are in a hurry, and the books then show no gap. */
const STARTS_FROM: Readonly<Record<NumberEventKind, readonly NumberState[]>> = {
  reissued: ['active', 'deactivated', 'quarantined'],
  'sim-replaced': ['active'],
  ported: ['active'],
  deactivated: ['active'],
  quarantined: ['deactivated'],
  transferred: ['active'],
  'device-changed': ['active'],
}

function successor(before: Tenure, request: LifeRequest): Tenure | undefined {
  const generation = before.generation + 1
  switch (request.kind) {
    case 'reissued':
    case 'transferred':
      return { carrier: before.carrier, generation, heldSince: generation }
    case 'sim-replaced':
      return { carrier: before.carrier, generation, heldSince: before.heldSince }
    case 'ported':
      if (request.toCarrier === undefined || request.toCarrier === before.carrier) return undefined
      return { carrier: request.toCarrier, generation, heldSince: before.heldSince }
    case 'deactivated':
      return { ...before, heldSince: generation }
    case 'quarantined':
    case 'device-changed':
      return before
    default:
      return exhaustive(request.kind)
  }
}

/** The carrier whose number range holds this subscriber. */
export function rangeCarrier(index: number): CarrierId {
  return CARRIER_IDS[index % CARRIER_IDS.length] ?? 'china-mobile'
}
