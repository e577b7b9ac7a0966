import type { CarrierId } from './carriers.ts'
import { type FaultRule, faultName } from './fault.ts'
import type { LatencyProfile } from './latency.ts'
import type { ProviderId } from './providers.ts'
import type { Outcome } from './verdict.ts'

/** Something that was done to the carriers during a load. Milliseconds after the load's first arrival. */
export interface Mark {
  label: string
  fromMs: number
  /** Null: until the end. */
  toMs: number | null
  /** Whom it is about; absent = all. */
  providers?: readonly ProviderId[]
}

/** Did the target come back after a mark was over? Seconds are whole ones of the load; figures are means over them. */
export interface Recovery {
  mark: string
  outcome: Extract<Outcome, 'pass' | 'fail' | 'inconclusive'>
  /** From the end of the mark until goodput was back and stayed; null when it never was, or was not seen. */
  recoveredAfterMs: number | null
  withinMs: number
  /** Logins granted per second. */
  goodputBefore: number | null
  goodputDuring: number | null
  goodputAfter: number | null
  /** The fault was gone for long and goodput stayed down. */
  metastable: boolean
  text: string
}

/** What a fault at some carriers did to the users of the others. */
export interface Isolation {
  mark: string
  carriers: readonly CarrierId[]
  others: readonly CarrierId[]
  outcome: Extract<Outcome, 'pass' | 'fail' | 'inconclusive'>
  /** p95 of what the backend added to the others' logins, before and during. */
  addedP95BeforeMs: number | null
  addedP95DuringMs: number | null
  /** How much later. */
  slowerByMs: number | null
  slowerLimitMs: number
  /** Share of the others' logins that were refused or failed during the fault. */
  failedShare: number | null
  failedLimit: number
  text: string
}

/** Marks of a plan's carriers that lie on the timeline of the load. `offsetMs`: from the first arrival to the moment their times count from. */
export function marksOf(latency: LatencyProfile, faults: readonly FaultRule[], offsetMs: number): Mark[] {
  const marks = faults
    .filter(rule => rule.fromMs !== undefined || rule.toMs !== undefined || rule.ttlMs !== undefined)
    .map((rule): Mark => {
      const { fromMs = 0, toMs = Number.POSITIVE_INFINITY, ttlMs = Number.POSITIVE_INFINITY, providers } = rule
      const end = Math.min(toMs, ttlMs)
      return {
        label: faultLabel(rule),
        fromMs: fromMs + offsetMs,
        toMs: Number.isFinite(end) ? end + offsetMs : null,
        ...(providers === undefined ? {} : { providers }),
      }
    })
  return [...marks, ...latencyMarks(latency, offsetMs)].sort((a, b) => a.fromMs - b.fromMs)
}

function latencyMarks(latency: LatencyProfile, offsetMs: number): Mark[] {
  if (latency.kind === 'brown-out') {
    const label = `brown-out ×${latency.factor}`
    return [{ label, fromMs: latency.fromMs + offsetMs, toMs: latency.toMs + offsetMs }]
  }
  // A slow start is a step down: what is marked is the time before it.
  if (latency.kind === 'step') return [{ label: 'other latency', fromMs: latency.atMs + offsetMs, toMs: null }]
  return []
}

function faultLabel(rule: FaultRule): string {
  const whom = rule.providers === undefined ? '' : ` at ${rule.providers.join(', ')}`
  const share = rule.share === 1 ? '' : ` (${Math.round(rule.share * 1000) / 10} %)`
  return `${faultName(rule)}${share}${whom}`
}
