import { type FaultRule, faultFor } from '../src/contract/fault.ts'
import type { MockBehaviour } from '../src/contract/journal.ts'
import { drawLatencyUs, type LatencyProfile, latencyTable } from '../src/contract/latency.ts'
import { parseAssumptions } from './assumptions.ts'
import { faults } from './faults/index.ts'
import { parseLifetimes } from './lifetime-rules.ts'
import { isObject } from './wire/string-fields.ts'

/** One sentence that says which field is wrong and how. */
export type Problem = { problem: string }

/** How the mocks behave now. Draws are pure functions of a token's index and the seed. */
export class BehaviourState {
  readonly #seed: number
  #current: MockBehaviour
  #table: ReturnType<typeof latencyTable>

  constructor(seed: number, initial: MockBehaviour) {
    this.#seed = seed
    this.#current = initial
    this.#table = latencyTable(initial.latency, seed)
  }

  get current(): MockBehaviour {
    return this.#current
  }

  /** Takes over the given fields; the others stay. */
  merge(change: Partial<MockBehaviour>): void {
    const next = { ...this.#current, ...change }
    // Building a table blocks for some tens of milliseconds: only when the profile really changed.
    if (JSON.stringify(next.latency) !== JSON.stringify(this.#current.latency)) {
      this.#table = latencyTable(next.latency, this.#seed)
    }
    this.#current = next
  }

  fault(tokenIndex: number): FaultRule | undefined {
    return this.#current.faults.length === 0 ? undefined : faultFor(this.#current.faults, this.#seed, tokenIndex)
  }

  delayUs(tokenIndex: number): number {
    return drawLatencyUs(this.#table, tokenIndex)
  }
}

const LONGEST_LATENCY_MS = 60_000

/** Reads a partial behaviour as it comes over the wire; nothing unknown, nothing out of range. */
export function parseBehaviour(value: unknown): Partial<MockBehaviour> | Problem {
  if (!isObject(value)) return { problem: 'the body must be a JSON object' }
  const change: { -readonly [K in keyof MockBehaviour]?: MockBehaviour[K] } = {}
  for (const [name, field] of Object.entries(value)) {
    if (name === 'latency') {
      const latency = parseLatency(field)
      if ('problem' in latency) return latency
      change.latency = latency
    } else if (name === 'faults') {
      const rules = parseFaults(field)
      if ('problem' in rules) return rules
      change.faults = rules
    } else if (name === 'singleUse') {
      if (field !== 'strict' && field !== 'lenient') return { problem: 'singleUse must be "strict" or "lenient"' }
      change.singleUse = field
    } else if (name === 'lifetimes') {
      const rules = parseLifetimes(field)
      if (typeof rules === 'string') return { problem: rules }
      change.lifetimes = rules
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

function parseLatency(value: unknown): LatencyProfile | Problem {
  const fields = isObject(value) ? value : {}
  const inRange = (ms: unknown): ms is number => typeof ms === 'number' && ms > 0 && ms <= LONGEST_LATENCY_MS
  const { kind, ms, medianMs, p99Ms } = fields
  if (kind === 'none') return { kind }
  if (kind === 'fixed')
    return inRange(ms) || ms === 0 ? { kind, ms } : { problem: `latency.ms must be 0 to ${LONGEST_LATENCY_MS}` }
  if (kind !== 'lognormal') return { problem: 'latency.kind must be "none", "fixed" or "lognormal"' }
  if (!inRange(medianMs) || !inRange(p99Ms) || p99Ms < medianMs) {
    return { problem: `latency needs medianMs and p99Ms above 0, p99Ms at least medianMs, both at most ${LONGEST_LATENCY_MS}` }
  }
  return { kind, medianMs, p99Ms }
}

function parseFaults(value: unknown): FaultRule[] | Problem {
  if (!Array.isArray(value)) return { problem: 'faults must be a list' }
  const rules: FaultRule[] = []
  for (const [position, item] of value.entries()) {
    const fields = isObject(item) ? item : {}
    const { id, share } = fields
    const where = `faults[${position}]`
    if (id !== 'error-rate' && id !== 'hang') return { problem: `${where}.id must be "error-rate" or "hang"` }
    if (typeof share !== 'number' || !(share >= 0 && share <= 1)) return { problem: `${where}.share must be 0 to 1` }
    const rule = faults[id].parse(fields, share)
    if (typeof rule === 'string') return { problem: `${where}.${rule}` }
    rules.push(rule)
  }
  return rules
}
