import { BACKEND_VERSION } from '../version.ts'
import { BOUNDS_SECONDS, type RequestCounts, type RouteCount } from './request-counts.ts'
import type { StageTimes } from './stage-times.ts'

/** https://prometheus.io/docs/specs/om/open_metrics_spec/ */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

type Sample = [suffix: string, labels: Readonly<Record<string, string>>, value: number]

/** What this process has answered since it started, as OpenMetrics text. */
export function openMetrics(counts: RequestCounts, { totals }: StageTimes, residentBytes: number): string {
  const routes = [...counts.routes()]
  const stages = [...(totals ?? [])].flatMap(([stage, { count, seconds }]): Sample[] => [
    ['_count', { stage }, count],
    ['_sum', { stage }, seconds],
  ])
  return [
    ...family('reference_backend', 'info', 'The backend.', [['_info', { version: BACKEND_VERSION }, 1]]),
    ...family('http_server_requests', 'counter', 'Replies by route and status.', routes.flatMap(requestSamples)),
    ...family('http_server_request_duration_seconds', 'histogram', 'Time to the reply.', routes.flatMap(timeSamples)),
    ...(totals === undefined ? [] : family('login_stage_seconds', 'summary', 'Time in each stage of a login.', stages)),
    ...family('process_resident_memory_bytes', 'gauge', 'Resident memory.', [['', {}, residentBytes]]),
    '# EOF',
    '',
  ].join('\n')
}

function requestSamples({ method, route, byStatus }: RouteCount): Sample[] {
  return [...byStatus].map(([status, count]) => ['_total', { method, route, status: String(status) }, count])
}

function timeSamples({ method, route, buckets, count, seconds }: RouteCount): Sample[] {
  let soFar = 0
  const upTo = buckets.map((inBucket, index): Sample => {
    soFar += inBucket
    const bound = BOUNDS_SECONDS[index]
    return ['_bucket', { method, route, le: bound === undefined ? '+Inf' : canonical(bound) }, soFar]
  })
  return [...upTo, ['_count', { method, route }, count], ['_sum', { method, route }, seconds]]
}

function family(name: string, type: string, help: string, samples: readonly Sample[]): string[] {
  const unit = /_(seconds|bytes)$/.exec(name)?.[1]
  const lines = samples.map(([suffix, labels, value]) => `${name}${suffix}${labelText(labels)} ${value}`)
  return [`# TYPE ${name} ${type}`, ...(unit === undefined ? [] : [`# UNIT ${name} ${unit}`]), `# HELP ${name} ${help}`, ...lines]
}

/** Routes are constants of ours, yet a quote in one must not break the text. */
function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replaceAll(/[\\"]/g, '\\$&')}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

/** The specification wants floats in bounds: `1.0`, not `1`. */
function canonical(bound: number): string {
  return Number.isInteger(bound) ? bound.toFixed(1) : String(bound)
}
