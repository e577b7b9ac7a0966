import type { IncomingHttpHeaders } from 'node:http'
import type { CarrierId } from '../src/contract/carriers.ts'
import type { JournalRow } from '../src/contract/journal.ts'
import type { ProviderId } from '../src/contract/providers.ts'
import type { TokenClaims } from '../src/contract/token.ts'
import type { IdentityDesk } from './identity/identity-desk.ts'
import type { NumberLives } from './life.ts'
import type { Memory } from './memory.ts'
import type { NoticeSender } from './notices/notice-sender.ts'
import type { Phones } from './phones.ts'
import type { SmsInbox } from './sms-inbox.ts'
import type { Teller } from './teller.ts'

/**
 * What a mock does and why. `confirmed`: read in a source. `assumed`: our guess where the sources are silent or disagree, which
 * `switch` changes: a name of the part's own `assumptions`, or a field of the behaviour (`lifetimes`). `ours`: of our own making,
 * as nothing can be known. `left-out`: documented and not imitated.
 */
export type Fact = {
  about: string
  /** Section of the reference, or why the guess. */
  source: string
} & ({ mark: 'confirmed' | 'ours' | 'left-out' } | { mark: 'assumed'; switch: string })

/** A request as it came, before the dialect looked at it. */
export interface Call {
  method: string
  /** As sent, without the query. */
  path: string
  /** Names in lower case. */
  headers: IncomingHttpHeaders
  /** How the caller got here, for providers that name themselves by their address. */
  scheme: 'http' | 'https'
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
  /** Beside content type and length. */
  headers?: Readonly<Record<string, string>>
  /** The provider's result code as text, empty when the body holds none. */
  resultCode: string
  redeemed: boolean
  billed: boolean
}

/** What a dialect made of a call. Nothing is decided yet: a fault may still strike. */
export interface Reading {
  /** Empty when the call carried none that can be read. */
  token: string
  /** Name of the operation, where one path serves several. */
  operation?: string
  appId: string
  signature: JournalRow['signature']
  /** Checks and redeems, in the provider's own order. Called at most once. */
  settle(claims: TokenClaims | undefined): Answer
  /** The provider's own "system error", for injected faults; one with this code where the provider has one that looks otherwise. */
  systemError(code?: string): Answer
  /** The provider's own throttling answer, where one is known (injected faults). */
  throttled?(): Answer
  /** Its own answer to an address that is not on its allow-list, where one is known (injected faults). */
  ipRefused?(): Answer
}

export interface Operation {
  /** The provider's own name, for instance `loginTokenValidate`. */
  name: string
  /** As a route: a part may be `:named`. */
  path: string
  read(call: Call): Reading
}

/** An app (or account) as a provider knows it. */
export interface ProviderApp {
  appId: string
  appIndex: number
}

/** A provider with its keys made, ready to answer. */
export interface Dialect {
  provider: ProviderId
  /** Position = appIndex in tokens; the first is the target's, the second a stranger's. */
  apps: readonly ProviderApp[]
  operations: readonly Operation[]
  /** What an aggregator's SDK gives the app beside the token. */
  extra?(issued: { carrier: CarrierId; tokenIndex: number }): Readonly<Record<string, string>>
  /** Identity providers only: accounts and consents, which the control plane mints credentials from. */
  desk?: IdentityDesk
  /** What its own SDK on a phone asks, by path below `/handset/v1/`. Ours, as all of the device side. */
  deviceRoutes?: Readonly<Record<string, (fields: Readonly<Record<string, unknown>>) => DeviceAnswer>>
  /** Ready-made environment of a backend that uses the first app. */
  environment(url: string): Record<string, string>
}

export interface DeviceAnswer {
  httpStatus: number
  value: unknown
}

export interface DialectPorts {
  teller: Teller
  lives: NumberLives
  phones: Phones
  inbox: SmsInbox
  notices: NoticeSender
  seed: number
  /** Token clock, epoch milliseconds. */
  nowMs(): number
  /** Clock to which a backend's time stamps are compared, epoch milliseconds. */
  wallMs(): number
  /** What this part assumes now under a name of its `assumptions`. */
  assume(name: string): string
  /** Enters what the part remembers under a name of its own: snapshots then hold it and a reset clears it. */
  keep<M extends Memory>(name: string, memory: M): M
}

/** A provider as a part: one file in carriers/ or providers/. */
export interface ProviderPart {
  id: ProviderId
  /** A sentence for `onetap list`. */
  about: string
  facts: readonly Fact[]
  /** Guesses that can be switched: the answers there are, the mock's own first. */
  assumptions?: Readonly<Record<string, readonly [string, ...string[]]>>
  open(ports: DialectPorts): Promise<Dialect>
}

export function defineProvider(part: ProviderPart): ProviderPart {
  return part
}

const JSON_TYPE = 'application/json;charset=UTF-8'

/** A business refusal: HTTP 200, an error code in the JSON, nothing given out, nothing charged (Alibaba's documents say so; assumed for others). */
export function refusal(resultCode: string, body: string): Answer {
  return { httpStatus: 200, contentType: JSON_TYPE, body, resultCode, redeemed: false, billed: false }
}

/** A charged answer; `redeemed` tells whether the number was given out or confirmed. */
export function charged(resultCode: string, body: string, redeemed: boolean): Answer {
  return { httpStatus: 200, contentType: JSON_TYPE, body, resultCode, redeemed, billed: true }
}
