import type { CarrierId } from './carriers.ts'
import type { OperationId, OperationInputs, Reading } from './target.ts'

/** One request a flow asks for. The driver builds it by the target module, sends it, reads the reply. */
export type Step = { [Op in OperationId]: { op: Op; input: OperationInputs[Op] } }[OperationId]

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
  /** The operations the target has: a flow leaves out what it lacks. */
  has(op: OperationId): boolean
}

export interface Scenario {
  id: string
  /** A sentence or two for `onetap list`. */
  about: string
  /** Operations without which the scenario cannot run. */
  needs: readonly OperationId[]
  /** The operation that carries the carrier exchange; `backend_added` is its duration less the carrier's share. */
  exchange: OperationId
  flow(visit: Visit): Flow
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
