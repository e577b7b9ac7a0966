import { faultName } from './fault.ts'
import type { LatencyProfile } from './latency.ts'
import type { MocksPlan } from './plan.ts'

/** When something goes wrong at the carriers on purpose. Milliseconds since the measured part began. */
export interface FaultWindow {
  name: string
  fromMs: number
  toMs: number
  /** True: from the first to the last call, so there is no time without it to compare with. */
  always: boolean
}

/** Faults and changes of delay that the plan has, cut to the load's length; what begins after its end is left out. */
export function faultWindows({ faults, latency }: Pick<MocksPlan, 'faults' | 'latency'>, durationMs: number): FaultWindow[] {
  const rules = faults.map(rule => {
    const toMs = Math.min(rule.toMs ?? durationMs, rule.ttlMs ?? durationMs, durationMs)
    const fromMs = rule.fromMs ?? 0
    return { name: faultName(rule), fromMs, toMs, always: fromMs === 0 && toMs === durationMs }
  })
  return [...rules, ...slowTimes(latency, durationMs)].filter(({ fromMs, toMs }) => fromMs < toMs)
}

function slowTimes(latency: LatencyProfile, durationMs: number): FaultWindow[] {
  if (latency.kind === 'step') return [{ name: 'slower carrier', fromMs: latency.atMs, toMs: durationMs, always: false }]
  if (latency.kind !== 'brown-out') return []
  return [{ name: 'brown-out', fromMs: latency.fromMs, toMs: Math.min(latency.toMs, durationMs), always: false }]
}

/** Does a window touch this second? One that is touched is not calm. */
export function touches({ fromMs, toMs }: Pick<FaultWindow, 'fromMs' | 'toMs'>, second: number): boolean {
  return fromMs < (second + 1) * 1000 && toMs > second * 1000
}
