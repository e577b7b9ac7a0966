import type { CarrierId } from '../src/contract/carriers.ts'
import { exhaustive } from '../src/contract/json.ts'
import type { NumberEventKind, NumberState } from '../src/contract/number-life.ts'
import { mixPair } from '../src/contract/rng.ts'

/**
 * What the operators' books say about one number. All providers answer from here (attribute queries, number recycling, SIM and
 * device swap), so that two of them cannot contradict each other. Times are epoch milliseconds.
 */
export interface NumberHistory {
  state: NumberState
  /** Contracts, oldest first. Porting starts a new one of the same holder; a gap is a time without contract. */
  contracts: readonly Contract[]
  /** The present SIM card was first used then. */
  simSinceMs: number
  /** The present handset was first seen with this number then. */
  deviceSinceMs: number
  /** How the present holder came to the number; undefined for the first one. */
  heldBy: 'reissued' | 'transferred' | undefined
}

export interface Contract {
  /** 0 = first holder the books know. */
  holder: number
  carrier: CarrierId
  fromMs: number
  /** Undefined while it runs. */
  toMs?: number
}

export interface NumberEvent {
  kind: NumberEventKind
  atMs: number
  /** Carrier that serves the number afterwards. */
  carrier: CarrierId
}

const FIRST_ACTIVATION_MS = Date.UTC(2012, 0, 1)
const YEARS_OF_ACTIVATION_MS = 7 * 365 * 86_400_000

/**
 * A number's first activation: some time from 2012 to 2018, drawn from the seed. It lies before any moment a token can name, so
 * a target's own dates always fall into a contract.
 */
export function firstActivationMs(seed: number, index: number): number {
  const share = mixPair(mixPair(seed, 0xac71), index) / 0x1_0000_0000
  return FIRST_ACTIVATION_MS + Math.floor((share * YEARS_OF_ACTIVATION_MS) / 1000) * 1000
}

/** A number nothing has happened to since `sinceMs`. */
export function untouchedHistory(carrier: CarrierId, sinceMs: number): NumberHistory {
  return {
    state: 'active',
    contracts: [{ holder: 0, carrier, fromMs: sinceMs }],
    simSinceMs: sinceMs,
    deviceSinceMs: sinceMs,
    heldBy: undefined,
  }
}

/** The history after one more event. Which event is allowed in which state is not decided here. */
export function afterEvent(before: NumberHistory, { kind, atMs, carrier }: NumberEvent): NumberHistory {
  const ended = before.contracts.map(contract => (contract.toMs === undefined ? { ...contract, toMs: atMs } : contract))
  const holder = before.contracts.at(-1)?.holder ?? 0
  switch (kind) {
    case 'reissued':
      // New holder, new SIM card, and as a rule the new holder's own handset.
      return {
        state: 'active',
        contracts: [...ended, { holder: holder + 1, carrier, fromMs: atMs }],
        simSinceMs: atMs,
        deviceSinceMs: atMs,
        heldBy: kind,
      }
    case 'transferred':
      return { ...before, contracts: [...ended, { holder: holder + 1, carrier, fromMs: atMs }], simSinceMs: atMs, heldBy: kind }
    case 'ported':
      return { ...before, contracts: [...ended, { holder, carrier, fromMs: atMs }], simSinceMs: atMs }
    case 'sim-replaced':
      return { ...before, simSinceMs: atMs }
    case 'device-changed':
      return { ...before, deviceSinceMs: atMs }
    case 'deactivated':
      return { ...before, state: 'deactivated', contracts: ended }
    case 'quarantined':
      return { ...before, state: 'quarantined' }
    default:
      return exhaustive(kind)
  }
}

/** When the present holder's first contract began, at whatever carrier; undefined when nobody holds the number. */
export function heldSinceMs(history: NumberHistory): number | undefined {
  const last = history.contracts.at(-1)
  if (history.state !== 'active' || last === undefined) return undefined
  return history.contracts.find(contract => contract.holder === last.holder)?.fromMs
}

/** When the contract with the present operator began: tenure, which porting starts anew. Undefined when there is none. */
export function customerSinceMs(history: NumberHistory): number | undefined {
  return history.state === 'active' ? history.contracts.at(-1)?.fromMs : undefined
}

/**
 * What became of whoever held the number at `sinceMs`. `reissued` and `transferred` say how the present holder came to it;
 * a date before the first contract or in a gap counts as `reissued`, as the person at that date is not the present holder.
 */
export function fateSince(history: NumberHistory, sinceMs: number): 'same-holder' | 'reissued' | 'transferred' | 'cancelled' {
  const held = heldSinceMs(history)
  if (held === undefined) return 'cancelled'
  return held <= sinceMs ? 'same-holder' : (history.heldBy ?? 'reissued')
}

const DAY_MS = 86_400_000
const BEIJING_OFFSET_MS = 8 * 3_600_000

/** Beijing calendar day, counted from 1970: the grain of number recycling. The time zone is assumed, as the specification names none. */
export function beijingDay(epochMs: number): number {
  return Math.floor((epochMs + BEIJING_OFFSET_MS) / DAY_MS)
}

/** Day of Universal Time, counted from 1970. */
export function utcDay(epochMs: number): number {
  return Math.floor(epochMs / DAY_MS)
}

/**
 * CAMARA Number Recycling's answer: has the subscriber changed after that day? The day the present contract began counts as
 * not recycled, a day in a gap as recycled (number-recycling 0.2.0). A number nobody holds: recycled, by the rule for gaps.
 */
export function recycledAfter(history: NumberHistory, day: number, dayOf = beijingDay): boolean {
  const held = heldSinceMs(history)
  return held === undefined || dayOf(held) > day
}
