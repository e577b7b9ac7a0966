import type { FaultRule } from './fault.ts'
import type { LatencyProfile } from './latency.ts'

/**
 * Times in latency profiles and fault rules are written relative to the moment they are put in force. Mock and generator must mean
 * the same moment, so whoever puts them in force stamps it on both; what is stamped already keeps its own.
 */
export function startLatency(profile: LatencyProfile, originMs: number): LatencyProfile {
  return (profile.kind === 'step' || profile.kind === 'brown-out') && profile.originMs === undefined
    ? { ...profile, originMs }
    : profile
}

export function startFaults(rules: readonly FaultRule[], originMs: number): readonly FaultRule[] {
  return rules.map(rule => (isTimed(rule) && rule.originMs === undefined ? { ...rule, originMs } : rule))
}

function isTimed(rule: FaultRule): boolean {
  return rule.fromMs !== undefined || rule.toMs !== undefined || rule.ttlMs !== undefined
}
