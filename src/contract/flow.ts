import type { CarrierId } from './carriers.ts'
import type { Subscriber } from './people.ts'
import type { PhoneStep } from './phone.ts'
import type { OperationId, OperationInputs, Reading } from './target.ts'
import type { TokenPurpose } from './token.ts'

/** One request to the target. The driver builds it by the target module, sends it, reads the reply. */
export type TargetStep = { [Op in OperationId]: { op: Op; input: OperationInputs[Op] } }[OperationId]

/** One thing a flow asks for: of the target, or of the user's own phone (phone.ts). */
export type Step = TargetStep | PhoneStep

/**
 * What honest users do, as a pure generator: yield a step, receive the reading. The same file drives k6, autocannon,
 * the lab and unit tests. Return when the visit is over; the driver records each step.
 */
export type Flow = Generator<Step, void, Reading>

/** What a driver knows of one visit before it starts. */
export interface Visit {
  /** Unique per run, counts from 0 across all instances. */
  index: number
  carrier: CarrierId
  appId: string
  token: string
  authCode?: string
  /** Time of issue the token carries, epoch milliseconds: places the visit on schedules of delays and faults. */
  issuedAtMs: number
  /** Position of the person among those with an account, when they have one (comers.ts); absent: a stranger. */
  known?: number
  /** The operations the target has: a flow leaves out what it lacks. */
  has(op: OperationId): boolean
  /** Whose phone it is. Worked out when asked for. */
  person(): Subscriber
  /** A second token of the same phone and moment, by an index of its own. */
  secondToken(purpose: TokenPurpose): SecondToken
}

export interface SecondToken {
  tokenIndex: number
  token: string
  authCode?: string
}

export interface Scenario {
  id: string
  /** A sentence or two for `onetap list`. */
  about: string
  /** Operations without which the scenario cannot run. */
  needs: readonly OperationId[]
  /** The operation that is judged as `login`. Where it carries a carrier exchange, `backend_added` is its duration less the carrier's share. */
  exchange: OperationId
  /** Further operations that are logins too and count as such; absent = none. */
  otherLogins?: readonly OperationId[]
  /** True when the flow has steps of the user's own phone. */
  asksPhone?: boolean
  /** Whose users it is about; absent = those of all carriers. */
  carriers?: readonly CarrierId[]
  /** `known`: only people with an account come. `mixed`: as the plan says, with a share of them when it says nothing. Absent: as the plan says. */
  people?: 'known' | 'mixed'
  /** Makes a person known before the load; absent = one visit of `flow`. */
  prepare?(visit: Visit): Flow
  flow(visit: Visit): Flow
}

/** Operations that count as logins, the judged one first. */
export function loginsOf({ exchange, otherLogins = [] }: Pick<Scenario, 'exchange' | 'otherLogins'>): readonly OperationId[] {
  return [exchange, ...otherLogins]
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario
}

/**
 * How a step ended, as counted in metrics.
 * `carrier-failed`: the mock was told to fail this token and the backend passed that on honestly; not the backend's doing.
 */
export type StepOutcome = 'granted' | 'refused' | 'failed' | 'carrier-failed'
export const STEP_OUTCOMES: readonly StepOutcome[] = ['granted', 'refused', 'failed', 'carrier-failed']
