import { CARRIER_IDS, type CarrierId, carrierOrdinal, LOGIN_OPERATIONS } from './carriers.ts'
import { type ArmedFault, armFaults, type FaultRule, isDoomed } from './fault.ts'
import type { StepOutcome, Visit } from './flow.ts'
import type { MockProvider } from './journal.ts'
import { carriersAmong } from './providers.ts'
import { mixPair, saltOf } from './rng.ts'
import { CEILINGS } from './shape.ts'
import type { OperationId, Reading } from './target.ts'
import { issueTimeMs, mintAuthCode, mintToken } from './token.ts'

/** What a generator must know to make any visit of a job from its index alone: the same in k6, in Node and in the judge. */
export interface VisitSource {
  seed: number
  subscribers: number
  providers: readonly Pick<MockProvider, 'provider' | 'appIds'>[]
  operations: readonly OperationId[]
}

/**
 * Makes visits from their index, which is also their token's index. The subscriber is the index spread by integer mixing, so
 * neighbours in time are strangers and some people come back; the carrier follows from the subscriber (people.ts) and lies
 * within the carriers of the job. Throws when there is no carrier, or too few subscribers for each carrier to have one.
 */
export function visitMaker(source: VisitSource): (index: number, nowMs: number) => Visit {
  const { seed } = source
  const carriers = carriersAmong(source.providers).map(({ provider, appIds }) => ({
    id: provider,
    ordinal: carrierOrdinal(provider),
    appId: appIds[0] ?? '',
  }))
  const perCarrier = Math.floor(source.subscribers / CARRIER_IDS.length)
  if (carriers.length === 0) throw new Error('a load job needs at least one carrier')
  if (perCarrier === 0) throw new Error(`a load job needs at least ${CARRIER_IDS.length} subscribers`)
  const operations = new Set(source.operations)
  const has = (op: OperationId): boolean => operations.has(op)

  return (index, nowMs) => {
    const word = mixPair(seed ^ SUBSCRIBER_SALT, index)
    const carrier = carriers[word % carriers.length]
    if (carrier === undefined) throw new Error('no carrier')
    const ordinal = mixPair(word, index) % perCarrier
    const issuedAtMs = issueTimeMs(nowMs)
    const token = mintToken(seed, {
      carrier: carrier.id,
      tokenIndex: index,
      subscriberIndex: ordinal * CARRIER_IDS.length + carrier.ordinal,
      generation: 0,
      appIndex: 0,
      purpose: 'login',
      issuedAtMs,
    })
    return carrier.id === 'china-telecom'
      ? { index, carrier: carrier.id, appId: carrier.appId, token, authCode: mintAuthCode(seed, index), issuedAtMs, has }
      : { index, carrier: carrier.id, appId: carrier.appId, token, issuedAtMs, has }
  }
}

const SUBSCRIBER_SALT = saltOf('subscriber of a visit')

/** How a step is counted. `faulted`: a fault rule hits this visit's token and the step is the one that carries the exchange. */
export function stepOutcome(reading: Reading, faulted: boolean): StepOutcome {
  return faulted && reading.kind !== 'granted' ? 'carrier-failed' : reading.kind
}

/** Tells of each visit whether a fault rule surely strikes its exchange at the carrier. Made once per job. */
export function doomReader(rules: readonly FaultRule[], seed: number): (visit: Visit) => boolean {
  if (rules.length === 0) return () => false
  const armed = Object.fromEntries(
    CARRIER_IDS.map(carrier => [carrier, armFaults(rules, seed, carrier, LOGIN_OPERATIONS[carrier])]),
  ) as Record<CarrierId, readonly ArmedFault[]>
  return visit => isDoomed(armed[visit.carrier], visit.index, visit.issuedAtMs)
}

/**
 * Indices a load step takes, counted from the job's firstIndex: measured visits from 0, warm-up visits from `warmUp`, nothing at
 * or above `end`. The same for all loads, and as many as the ceilings allow at most: how many visits a closed load makes is not
 * known beforehand, and a token index is never spent twice. Fourteen load steps fit below HANDSET_TOKEN_BASE.
 */
export const VISIT_SPAN: { readonly warmUp: number; readonly end: number } = {
  warmUp: (CEILINGS.ratePerSecond * CEILINGS.durationMs) / 1000,
  end: (2 * CEILINGS.ratePerSecond * CEILINGS.durationMs) / 1000,
}
