import { CARRIER_IDS, type CarrierId, carrierOrdinal, LOGIN_OPERATIONS, VERIFY_OPERATIONS } from './carriers.ts'
import { type ComersPlan, carrierBounds, EVEN_WEIGHTS } from './comers.ts'
import { type ArmedFault, armFaults, type FaultRule, isDoomed } from './fault.ts'
import type { Scenario, SecondToken, StepOutcome, Visit } from './flow.ts'
import type { MockProvider } from './journal.ts'
import { subscriberAt } from './people.ts'
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
  /** Absent: strangers of all carriers evenly, some of whom come back. */
  comers?: ComersPlan
}

export interface VisitMaker {
  (index: number, nowMs: number): Visit
  /** A visit of the `known`-th person who is to have an account, by a token of this index. */
  known(known: number, index: number, nowMs: number): Visit
}

/** Who visits: a carrier and a position among its subscribers. */
interface Comer {
  carrier: ServedCarrier
  ordinal: number
  known?: number
}

interface ServedCarrier {
  id: CarrierId
  ordinal: number
  appId: string
}

/**
 * Makes visits from their index, which is also their token's index. Throws when there is no carrier, or too few subscribers for
 * each carrier to have one, or to have all the known people and a stranger.
 */
export function visitMaker(source: VisitSource): VisitMaker {
  const { seed, comers } = source
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
  const planned = comers === undefined ? undefined : plannedComers(seed, carriers, perCarrier, comers)
  const comerAt = planned?.at ?? spreadComers(seed, carriers, perCarrier)
  const visitOf = (comer: Comer, index: number, nowMs: number): Visit => visitBy(seed, has, comer, index, nowMs)
  const at = (index: number, nowMs: number): Visit => visitOf(comerAt(index), index, nowMs)
  const known = (which: number, index: number, nowMs: number): Visit => {
    if (planned === undefined) throw new Error('the plan names no known people')
    return visitOf(planned.known(which), index, nowMs)
  }
  return Object.assign(at, { known })
}

/** Without a plan: the index spread by integer mixing, so neighbours in time are strangers and some people come back. */
function spreadComers(seed: number, carriers: readonly ServedCarrier[], perCarrier: number): (index: number) => Comer {
  return index => {
    const word = mixPair(seed ^ SUBSCRIBER_SALT, index)
    const carrier = carriers[word % carriers.length]
    if (carrier === undefined) throw new Error('no carrier')
    return { carrier, ordinal: mixPair(word, index) % perCarrier }
  }
}

/** With a plan: known people are the last of each carrier, strangers come one after the other from its first. */
function plannedComers(
  seed: number,
  served: readonly ServedCarrier[],
  perCarrier: number,
  plan: ComersPlan,
): { at(index: number): Comer; known(which: number): Comer } {
  const bounds = carrierBounds(
    served.map(({ id }) => id),
    plan.carrierWeights,
  ).map(({ carrier, below }) => ({ below, carrier: served.find(({ id }) => id === carrier) }))
  const { knownPeople } = plan
  const strangers = perCarrier - knownPeople
  if (strangers < 1) throw new Error(`${knownPeople} known people leave no stranger among ${perCarrier} subscribers of a carrier`)
  const carrierOf = (word: number): ServedCarrier => {
    for (const { below, carrier } of bounds) if (word < below && carrier !== undefined) return carrier
    throw new Error('no carrier')
  }
  const returning = knownPeople === 0 ? 0 : plan.returningShare * 0x1_0000_0000
  const known = (which: number): Comer => ({
    carrier: carrierOf(mixPair(seed ^ KNOWN_SALT, which)),
    ordinal: perCarrier - 1 - which,
    known: which,
  })
  return {
    known,
    at: index => {
      const word = mixPair(seed ^ SUBSCRIBER_SALT, index)
      if (mixPair(word, RETURNING_SALT) < returning) return known(mixPair(word, index) % knownPeople)
      return { carrier: carrierOf(word), ordinal: index % strangers }
    },
  }
}

function visitBy(seed: number, has: Visit['has'], { carrier, ordinal, known }: Comer, index: number, nowMs: number): Visit {
  const issuedAtMs = issueTimeMs(nowMs)
  const subscriberIndex = ordinal * CARRIER_IDS.length + carrier.ordinal
  const visit: Visit = {
    index,
    carrier: carrier.id,
    appId: carrier.appId,
    token: mintToken(seed, {
      carrier: carrier.id,
      tokenIndex: index,
      subscriberIndex,
      generation: 0,
      appIndex: 0,
      purpose: 'login',
      issuedAtMs,
    }),
    issuedAtMs,
    has,
    person: () => subscriberAt(seed, subscriberIndex),
    secondToken: purpose => {
      const tokenIndex = secondTokenIndex(index)
      const claims = { carrier: carrier.id, tokenIndex, subscriberIndex, generation: 0, appIndex: 0, purpose, issuedAtMs }
      const second: SecondToken = { tokenIndex, token: mintToken(seed, claims) }
      if (carrier.id === 'china-telecom') second.authCode = mintAuthCode(seed, tokenIndex)
      return second
    },
  }
  if (carrier.id === 'china-telecom') visit.authCode = mintAuthCode(seed, index)
  if (known !== undefined) visit.known = known
  return visit
}

const KNOWN_SALT = saltOf('carrier of a known person')
const RETURNING_SALT = saltOf('a visit of a known person')
const SUBSCRIBER_SALT = saltOf('subscriber of a visit')

/** How a step is counted. `faulted`: a fault rule hits this visit's token and the step is the one that carries the exchange. */
export function stepOutcome(reading: Reading, faulted: boolean): StepOutcome {
  return faulted && reading.kind !== 'granted' ? 'carrier-failed' : reading.kind
}

/**
 * The token that a visit's judged exchange spends, by its index; undefined when the exchange asks no carrier. Verification takes a
 * second token, because a carrier's token is for one purpose.
 */
export function exchangeTokenIndex(exchange: OperationId, index: number): number | undefined {
  if (exchange === 'oneTap') return index
  return exchange === 'verifyNumber' ? secondTokenIndex(index) : undefined
}

/**
 * Tells of each visit whether a fault rule surely strikes its exchange at the carrier. Made once per job. An exchange that asks no
 * carrier is never struck.
 */
export function doomReader(
  rules: readonly FaultRule[],
  seed: number,
  exchange: OperationId = 'oneTap',
): (visit: Visit) => boolean {
  if (rules.length === 0) return () => false
  const operations = exchange === 'verifyNumber' ? VERIFY_OPERATIONS : LOGIN_OPERATIONS
  const armed = Object.fromEntries(
    CARRIER_IDS.map(carrier => [carrier, armFaults(rules, seed, carrier, operations[carrier])]),
  ) as Record<CarrierId, readonly ArmedFault[]>
  return visit => {
    const tokenIndex = exchangeTokenIndex(exchange, visit.index)
    return tokenIndex !== undefined && isDoomed(armed[visit.carrier], tokenIndex, visit.issuedAtMs)
  }
}

/** What engines make of a scenario's wishes about who comes. */
export function comersOf(scenario: Pick<Scenario, 'people' | 'carriers'>, plan: ComersPlan | undefined): ComersPlan | undefined {
  const { people, carriers } = scenario
  if (people === undefined && carriers === undefined) return plan
  const weights = plan?.carrierWeights ?? EVEN_WEIGHTS
  const wished = carriers === undefined ? weights : Object.fromEntries(carriers.map(id => [id, weights[id] ?? 0]))
  const knownPeople = plan?.knownPeople ?? 0
  return {
    carrierWeights: wished,
    knownPeople: people === undefined || knownPeople > 0 ? knownPeople : KNOWN_UNLESS_TOLD,
    returningShare: people === 'known' ? 1 : (plan?.returningShare ?? (people === 'mixed' ? RETURNING_UNLESS_TOLD : 0)),
  }
}

/** People made known, and their share, where a scenario needs some and the plan says nothing. */
const KNOWN_UNLESS_TOLD = 200
const RETURNING_UNLESS_TOLD = 0.6

/**
 * Indices a load step takes, counted from the job's firstIndex: measured visits from 0, warm-up visits from `warmUp`, people made
 * known from `end` downwards, nothing at or above `end`; second tokens of visits count on from there to `secondEnd`. The same for
 * all loads, and as many as the ceilings allow at most: how many visits a closed load makes is not known beforehand, and a token
 * index is never spent twice. Seven load steps fit below HANDSET_TOKEN_BASE.
 */
export const VISIT_SPAN: { readonly warmUp: number; readonly end: number; readonly secondEnd: number } = {
  warmUp: (CEILINGS.ratePerSecond * CEILINGS.durationMs) / 1000,
  end: (2 * CEILINGS.ratePerSecond * CEILINGS.durationMs) / 1000,
  secondEnd: (4 * CEILINGS.ratePerSecond * CEILINGS.durationMs) / 1000,
}

function secondTokenIndex(index: number): number {
  return index + VISIT_SPAN.end
}
