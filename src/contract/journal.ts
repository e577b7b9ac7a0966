import type { CarrierId } from './carriers.ts'
import type { FaultId, FaultRule } from './fault.ts'
import type { Histogram } from './histogram.ts'
import type { LatencyProfile } from './latency.ts'
import type { ProviderId } from './providers.ts'
import type { TokenPurpose } from './token.ts'

/** One call a backend made to a mock provider. Kept in the mock's bounded journal; the raw token never reaches the ledger. */
export interface JournalRow {
  /** Counts from 1 over all providers of one mocks process; gaps mean the ring forgot rows. */
  seq: number
  /** Arrival, epoch milliseconds with fraction. */
  arrivedAtMs: number
  /** Whom the backend called. */
  provider: ProviderId
  /** Carrier of the subscriber the token names; absent when the call carried no token of ours. */
  carrier?: CarrierId
  /** The provider's own name of the operation, for instance `loginTokenValidate`. */
  operation: string
  /** As received, empty when the call carried none. */
  token: string
  /** `load`: minted by a generator; `handset`: issued by this mock; `unknown`: not one of ours. */
  tokenKind: 'load' | 'handset' | 'unknown'
  appId: string
  signature: 'ok' | 'bad' | 'absent'
  httpStatus: number
  /** The provider's result code as sent, for instance `103000`. Empty when no body was sent. */
  resultCode: string
  /** The number was given out. */
  redeemed: boolean
  /** The provider would charge for this call. */
  billed: boolean
  /** The fault rule applied, if any. */
  fault?: FaultId
  /** Further rules that struck the same call. */
  otherFaults?: readonly FaultId[]
  /** Delay the profile asked for and delay really kept, microseconds. */
  intendedUs: number
  actualUs: number
}

/** Sums over a whole mocks process since the last reset. */
export interface JournalTotals {
  calls: number
  redeemed: number
  billed: number
  /** Calls by `provider/resultCode`. */
  byResult: Record<string, number>
  faults: Record<string, number>
  /** Actual minus intended delay in milliseconds, over all calls that were answered. The mock's own error. */
  delayErrorMs: Histogram
  /** Intended delay in milliseconds. */
  intendedMs: Histogram
  /** By provider; absent in evidence of before it was counted. */
  traffic?: Partial<Record<ProviderId, ProviderTraffic>>
  /** Of the mocks' own process; absent as above. */
  loopDelayMs?: LoopDelay
}

/** The backend's side of the wire at one provider. */
export interface ProviderTraffic {
  calls: number
  /** Calls with a load token that had been brought before: tries again. */
  repeated: number
  /** Connections opened, those of phones left out. */
  connections: number
  /** Calls whose caller was gone when the answer was due: the backend ran out of patience. */
  abandoned: number
}

/** Milliseconds by which a process's event loop was late. */
export interface LoopDelay {
  p50: number
  p99: number
  max: number
}

/** Load tokens with an index in [from, to): what the carriers' books say of them. */
export interface LoadTokens {
  from: number
  to: number
  /** Brought by the backend at least once. */
  called: number
  /** The number was given out. */
  redeemed: number
  /** Indices whose number was not given out, ascending; the first two thousand. */
  unredeemed: number[]
  /** Further ones. */
  unnamed: number
}

/** How the mocks behave now; changed live over the control plane. */
export interface MockBehaviour {
  latency: LatencyProfile
  faults: readonly FaultRule[]
  /** `strict`: a token is redeemed once. `lenient`: again and again within its life. */
  singleUse: 'strict' | 'lenient'
  /** Token lifetimes other than the documented ones; the last rule that fits a token holds. Tokens are measured when redeemed. */
  lifetimes?: readonly LifetimeRule[]
  /** Where tokens may or may not be redeemed again, other than `singleUse`; the last rule that fits a token holds. */
  reuse?: readonly ReuseRule[]
  /** What a mock does where no source says it, by `provider.assumption`; the mock's own default where absent. */
  assumptions?: Readonly<Record<string, string>>
}

/** Tokens that fit all given fields. */
export interface TokenScope {
  /** Who redeems them. */
  provider?: ProviderId
  /** Carrier of the SIM card. */
  carrier?: CarrierId
  purpose?: TokenPurpose
}

/** How long tokens of a scope live. */
export interface LifetimeRule extends TokenScope {
  lifetimeMs: number
}

/** Whether tokens of a scope may be redeemed again within their life. */
export interface ReuseRule extends TokenScope {
  singleUse: MockBehaviour['singleUse']
}

/** One provider as a backend or a script needs it. */
export interface MockProvider {
  provider: ProviderId
  /** Base URL of the provider's public host. */
  url: string
  /** The app ids (or keys) this provider knows; position = appIndex in tokens. The first belongs to the target. */
  appIds: readonly string[]
  /** What a backend needs to use the first app: address, ids, secrets, keys; by the names of `environment`. Absent from records. */
  keys?: Readonly<Record<string, string>>
}

/** The line `mocks/main.ts` prints when all ports listen; also `onetap mocks --json`. */
export interface MocksReady {
  runId: string
  controlUrl: string
  /** Bearer token of the control plane. */
  controlToken: string
  providers: readonly MockProvider[]
  /** Ready-made environment for a backend: addresses, app ids, keys (CMCC_URL and so on). */
  environment: Record<string, string>
  /** Certificate of the authority behind the providers' https addresses, PEM; absent without TLS. */
  caPem?: string
}

/** Settings `mocks/main.ts` reads as JSON from ONETAP_MOCKS_SETTINGS, or as one line of stdin when that is `-`. */
export interface MocksSettings {
  runId: string
  seed: number
  /** Load uses subscriber indices below this; handsets are allocated above. */
  subscribers: number
  carriers: readonly CarrierId[]
  /** Providers beside the carriers; none unless told. At least one of both. */
  providers?: readonly ProviderId[]
  behaviour: MockBehaviour
  /** Port of the control plane and of each provider; 0 = any free one. */
  ports?: { control?: number } & Partial<Record<ProviderId, number>>
  /** Host to listen on; loopback unless told. */
  host?: string
  /** The providers (not the control plane) speak TLS with a certificate made at start. */
  tls?: boolean
  /** How long a request to a provider may take to come in, milliseconds; then 408. Half a minute unless told. */
  requestPatienceMs?: number
  /** Names beside addresses and localhost under which the control plane may be called; others are refused (DNS rebinding). */
  controlHostNames?: readonly string[]
}

/** What the subscriber's life did, and the notice a carrier sends about it. Times ISO 8601. */
export type LifeEventKind = 'reissued' | 'sim-replaced' | 'ported'

export interface RebindNotice {
  eventId: string
  kind: LifeEventKind
  /** Full number: the target needs it; the ledger masks it. */
  msisdn: string
  /** Carrier that reports the event. */
  carrier: CarrierId
  /** New carrier, on porting. */
  toCarrier?: CarrierId
  occurredAt: string
  /** Ascending per number. */
  sequence: number
}

/** A SIM card in a handset, as the control plane hands it out. */
export interface HandsetSim {
  index: number
  carrier: CarrierId
  msisdn: string
  imsi: string
}

/** What a handset gets from its carrier, or from an aggregator's SDK, after the user agreed. */
export interface IssuedToken {
  /** Who redeems it. */
  provider: ProviderId
  /** Carrier of the SIM card. */
  carrier: CarrierId
  appId: string
  token: string
  /** China Telecom only. */
  authCode?: string
  /** What an aggregator's SDK gives beside the token, by the names its exchange wants. */
  extra?: Readonly<Record<string, string>>
  expiresInMs: number
  /** How the phone reached its carrier; absent where the control plane spared it the way. */
  way?: 'mobile-data' | 'switched-from-wifi' | 'temporary-token'
}
