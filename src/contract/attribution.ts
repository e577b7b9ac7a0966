import type { ProviderTraffic } from './journal.ts'
import type { ProviderId } from './providers.ts'

/** Of one series: how often, and milliseconds. Null where nothing was measured. */
export interface TimeFigure {
  count: number
  p50Ms: number | null
  p99Ms: number | null
}

/** Where the time of logins went, and what they cost at the carriers. */
export interface Attribution {
  /** The whole login as the user waits for it. */
  login: TimeFigure
  /** What the carriers were told to take, over all their calls. */
  carrier: TimeFigure
  /** A login less what its carrier took: the backend's own, retries among it. */
  backendAdded: TimeFigure
  /** What the requests that had to open a connection to the backend spent on it; `count` is how many did. */
  connect: TimeFigure
  /** Calls to carriers for each token brought to one, tries again counted: 1 = none. Null without calls. */
  callsPerToken: number | null
  /** Over all carriers, warm-up included. */
  traffic: ProviderTraffic
  byProvider: Partial<Record<ProviderId, ProviderTraffic>>
}

/** Client's and carriers' books of the measured visits, held against each other. Visits are named by their number, from 0. */
export interface Reconciliation {
  /** Exchanges the client measured, and those it saw granted. */
  exchanges: number
  granted: number
  /** Tokens of measured visits that the backend brought to a carrier, and those whose number was given out. */
  called: number
  redeemed: number
  /** The carrier gave the number out and was paid for it, and the user was not let in. */
  confirmedNotLetIn: Orphans
  /** Let in although no carrier gave the number out. */
  letInUnconfirmed: Orphans
}

export interface Orphans {
  count: number
  /** The first of them; fewer than `count` where the books do not name all. */
  visits: number[]
}
