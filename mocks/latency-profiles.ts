import type { LatencyProfile, SteadyLatency } from '../src/contract/latency.ts'
import { PERCENTILE_NAMES, type PercentileName, percentilesProblem, QUANTILE_STEPS } from '../src/contract/quantile-table.ts'
import { isObject } from './wire/string-fields.ts'

const LONGEST_LATENCY_MS = 60_000
const LONGEST_SCHEDULE_MS = 86_400_000
const BOUND = `a time up to ${LONGEST_LATENCY_MS} ms`

type Fields = Readonly<Record<string, unknown>>

/** Reads a latency profile; a text says what is wrong. `where`: the field it stands in. */
export function parseLatency(value: unknown, where: string): LatencyProfile | string {
  const fields = isObject(value) ? value : {}
  if (fields.kind === 'step') return parseStep(fields, where)
  return fields.kind === 'brown-out' ? parseBrownOut(fields, where) : parseSteady(fields, where)
}

function parseStep(fields: Fields, where: string): LatencyProfile | string {
  const { atMs } = fields
  const before = parseSteady(fields.before, `${where}.before`)
  if (typeof before === 'string') return before
  const after = parseSteady(fields.after, `${where}.after`)
  if (typeof after === 'string') return after
  if (!isTime(atMs, LONGEST_SCHEDULE_MS)) return `${where}.atMs must be 0 to ${LONGEST_SCHEDULE_MS}`
  return withOrigin({ kind: 'step', before, atMs, after }, fields, where)
}

function parseBrownOut(fields: Fields, where: string): LatencyProfile | string {
  const { factor, fromMs, toMs, rampMs = 0 } = fields
  const base = parseSteady(fields.base, `${where}.base`)
  if (typeof base === 'string') return base
  if (typeof factor !== 'number' || !(factor >= 0 && factor <= 1000)) return `${where}.factor must be 0 to 1000`
  if (!isTime(fromMs, LONGEST_SCHEDULE_MS) || !isTime(toMs, LONGEST_SCHEDULE_MS) || toMs <= fromMs) {
    return `${where} needs fromMs and toMs, toMs after fromMs, both at most ${LONGEST_SCHEDULE_MS}`
  }
  if (!isTime(rampMs, LONGEST_SCHEDULE_MS)) return `${where}.rampMs must be 0 to ${LONGEST_SCHEDULE_MS}`
  return withOrigin({ kind: 'brown-out', base, factor, fromMs, toMs, rampMs }, fields, where)
}

function withOrigin(
  profile: Exclude<LatencyProfile, SteadyLatency>,
  { originMs }: Fields,
  where: string,
): LatencyProfile | string {
  if (originMs === undefined) return profile
  return isTime(originMs, Number.MAX_SAFE_INTEGER) ? { ...profile, originMs } : `${where}.originMs must be epoch milliseconds`
}

function parseSteady(value: unknown, where: string): SteadyLatency | string {
  const fields = isObject(value) ? value : {}
  const { kind, ms, minMs, maxMs, medianMs, p99Ms } = fields
  switch (kind) {
    case 'none':
      return { kind }
    case 'fixed':
      return isTime(ms) ? { kind, ms } : `${where}.ms must be ${BOUND}`
    case 'uniform':
      if (!isTime(minMs) || !isTime(maxMs) || maxMs < minMs) return `${where} needs minMs and maxMs, not below it, each ${BOUND}`
      return { kind, minMs, maxMs }
    case 'lognormal':
      if (!isTime(medianMs) || !isTime(p99Ms) || medianMs === 0 || p99Ms < medianMs) {
        return `${where} needs medianMs and p99Ms above 0, p99Ms at least medianMs, each ${BOUND}`
      }
      return { kind, medianMs, p99Ms }
    case 'percentiles':
      return parsePercentiles(fields.points, where)
    case 'recorded':
      return parseRecorded(fields.quantilesMs, where)
    default:
      return `${where}.kind must be "none", "fixed", "uniform", "lognormal", "percentiles", "recorded", "step" or "brown-out"`
  }
}

function parsePercentiles(value: unknown, where: string): SteadyLatency | string {
  const fields = isObject(value) ? value : {}
  const points: Partial<Record<PercentileName, number>> = {}
  for (const [key, ms] of Object.entries(fields)) {
    const name = PERCENTILE_NAMES.find(one => one === key)
    if (name === undefined || !isTime(ms))
      return `${where}.points must hold some of ${PERCENTILE_NAMES.join(', ')}, each ${BOUND}`
    points[name] = ms
  }
  const problem = percentilesProblem(points)
  return problem === undefined ? { kind: 'percentiles', points } : `${where}.points: ${problem}`
}

function parseRecorded(value: unknown, where: string): SteadyLatency | string {
  if (!Array.isArray(value) || value.length === 0 || value.length > QUANTILE_STEPS || !value.every(ms => isTime(ms))) {
    return `${where}.quantilesMs must be a list of 1 to ${QUANTILE_STEPS} times, each ${BOUND}`
  }
  const quantilesMs: number[] = value
  if (quantilesMs.some((ms, i) => i > 0 && ms < (quantilesMs[i - 1] ?? 0))) return `${where}.quantilesMs must ascend`
  return { kind: 'recorded', quantilesMs }
}

function isTime(value: unknown, most = LONGEST_LATENCY_MS): value is number {
  return typeof value === 'number' && value >= 0 && value <= most
}
