import { type ArmedFault, armFaults } from '../src/contract/fault.ts'
import type { MockBehaviour } from '../src/contract/journal.ts'
import { drawLatencyUs, type LatencyTable, latencyTable } from '../src/contract/latency.ts'
import type { ProviderId } from '../src/contract/providers.ts'
import { startFaults, startLatency } from '../src/contract/schedule.ts'
import { parseAssumptions } from './assumptions.ts'
import { parseFaults } from './fault-rules.ts'
import { parseLatency } from './latency-profiles.ts'
import { parseLifetimes, parseReuse } from './token-rules.ts'
import { isObject } from './wire/string-fields.ts'

/** One sentence that says which field is wrong and how. */
export type Problem = { problem: string }

/** How the mocks behave now. Draws are pure functions of a token's index and the seed. */
export class BehaviourState {
  readonly #seed: number
  readonly #nowMs: () => number
  #current: MockBehaviour
  #table: LatencyTable
  /** Rules made ready, by provider and operation. */
  readonly #armed = new Map<string, readonly ArmedFault[]>()

  /** `nowMs`: the wall clock that schedules count by. */
  constructor(seed: number, initial: MockBehaviour, nowMs: () => number) {
    this.#seed = seed
    this.#nowMs = nowMs
    this.#current = started(initial, nowMs())
    this.#table = latencyTable(this.#current.latency, seed)
  }

  get current(): MockBehaviour {
    return this.#current
  }

  /** Takes over the given fields; the others stay. What has a schedule counts from now unless it says from when. */
  merge(change: Partial<MockBehaviour>): void {
    this.replace({ ...this.#current, ...change })
  }

  /** Takes over a whole behaviour: what it does not have, the mocks do not have either. */
  replace(whole: MockBehaviour): void {
    const next = started(whole, this.#nowMs())
    // Building a table blocks for some tens of milliseconds: only when the profile really changed.
    if (JSON.stringify(next.latency) !== JSON.stringify(this.#current.latency)) {
      this.#table = latencyTable(next.latency, this.#seed)
    }
    this.#current = next
    this.#armed.clear()
  }

  /** The rules that concern an operation of a provider. */
  armed(provider: ProviderId, operation: string): readonly ArmedFault[] {
    if (this.#current.faults.length === 0) return NO_FAULTS
    const key = `${provider}/${operation}`
    let armed = this.#armed.get(key)
    if (armed === undefined) {
      armed = armFaults(this.#current.faults, this.#seed, provider, operation)
      // A path that no provider has is an operation too, so callers could grow this without end.
      if (this.#armed.size < MOST_ARMED) this.#armed.set(key, armed)
    }
    return armed
  }

  /** The intended delay; see drawLatencyUs. */
  delayUs(tokenIndex: number, atMs: number): number {
    return drawLatencyUs(this.#table, tokenIndex, atMs)
  }
}

const NO_FAULTS: readonly ArmedFault[] = []
const MOST_ARMED = 500

function started(behaviour: MockBehaviour, nowMs: number): MockBehaviour {
  return {
    ...behaviour,
    latency: startLatency(behaviour.latency, nowMs),
    faults: startFaults(behaviour.faults, nowMs),
  }
}

/** Reads a partial behaviour as it comes over the wire; nothing unknown, nothing out of range. */
export function parseBehaviour(value: unknown): Partial<MockBehaviour> | Problem {
  if (!isObject(value)) return { problem: 'the body must be a JSON object' }
  const change: { -readonly [K in keyof MockBehaviour]?: MockBehaviour[K] } = {}
  for (const [name, field] of Object.entries(value)) {
    if (name === 'latency') {
      const latency = parseLatency(field, 'latency')
      if (typeof latency === 'string') return { problem: latency }
      change.latency = latency
    } else if (name === 'faults') {
      const rules = parseFaults(field)
      if (typeof rules === 'string') return { problem: rules }
      change.faults = rules
    } else if (name === 'singleUse') {
      if (field !== 'strict' && field !== 'lenient') return { problem: 'singleUse must be "strict" or "lenient"' }
      change.singleUse = field
    } else if (name === 'lifetimes') {
      const rules = parseLifetimes(field)
      if (typeof rules === 'string') return { problem: rules }
      change.lifetimes = rules
    } else if (name === 'reuse') {
      const rules = parseReuse(field)
      if (typeof rules === 'string') return { problem: rules }
      change.reuse = rules
    } else if (name === 'assumptions') {
      const chosen = parseAssumptions(field)
      if (typeof chosen === 'string') return { problem: chosen }
      change.assumptions = chosen
    } else {
      return { problem: `unknown field ${JSON.stringify(name)}` }
    }
  }
  return change
}
