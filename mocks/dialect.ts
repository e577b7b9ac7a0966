import type { CarrierId } from '../src/contract/carriers.ts'
import type { JournalRow } from '../src/contract/journal.ts'
import type { TokenClaims } from '../src/contract/token.ts'
import type { Teller } from './teller.ts'

/** Whether a fact about a carrier was read in a source, or is our guess where the sources are silent. */
export interface Fact {
  about: string
  mark: 'confirmed' | 'assumed'
  /** Section of the reference, or why the guess. */
  source: string
}

/** A request as it came, before the dialect looked at it. */
export interface Call {
  method: string
  /** Lower case, with parameters; empty when absent. */
  contentType: string
  /** Body text; empty when absent. */
  body: string
  /** Raw query string without the question mark. */
  query: string
  /** The body could not be taken: over the limit, or broken off. */
  unreadable?: 'oversized' | 'broken'
}

/** A reply ready to be sent, and what the books say about it. */
export interface Answer {
  httpStatus: number
  contentType: string
  body: string
  /** The carrier's result code as text, empty when the body holds none. */
  resultCode: string
  redeemed: boolean
  billed: boolean
}

/** What a dialect made of a call. Nothing is decided yet: a fault may still strike. */
export interface Reading {
  /** Empty when the call carried none that can be read. */
  token: string
  appId: string
  signature: JournalRow['signature']
  /** Checks and redeems, in the carrier's own order. Called at most once. */
  settle(claims: TokenClaims | undefined): Answer
  /** The carrier's own "system error", for injected faults. */
  systemError(): Answer
}

export interface Operation {
  /** The carrier's own name, for instance `loginTokenValidate`. */
  name: string
  path: string
  read(call: Call): Reading
}

export interface CarrierApp {
  appId: string
  appIndex: number
}

/** A carrier with its keys made, ready to answer. */
export interface Dialect {
  carrier: CarrierId
  /** Position = appIndex in tokens; the first is the target's, the second a stranger's. */
  apps: readonly CarrierApp[]
  operations: readonly Operation[]
  /** Ready-made environment of a backend that uses the first app. */
  environment(url: string): Record<string, string>
}

export interface DialectPorts {
  teller: Teller
  seed: number
  /** Token clock, epoch milliseconds. */
  nowMs(): number
  /** Clock to which a backend's time stamps are compared, epoch milliseconds. */
  wallMs(): number
}

export interface CarrierPart {
  id: CarrierId
  /** A sentence for `onetap list`. */
  about: string
  facts: readonly Fact[]
  open(ports: DialectPorts): Promise<Dialect>
}

export function defineCarrier(part: CarrierPart): CarrierPart {
  return part
}

const JSON_TYPE = 'application/json;charset=UTF-8'

/** A business refusal: HTTP 200, an error code in the JSON, nothing given out, nothing charged (carriers-cn.md 0.3, trap 1). */
export function refusal(resultCode: string, body: string): Answer {
  return { httpStatus: 200, contentType: JSON_TYPE, body, resultCode, redeemed: false, billed: false }
}

/** A charged answer; `redeemed` tells whether the number was given out or confirmed. */
export function charged(resultCode: string, body: string, redeemed: boolean): Answer {
  return { httpStatus: 200, contentType: JSON_TYPE, body, resultCode, redeemed, billed: true }
}
