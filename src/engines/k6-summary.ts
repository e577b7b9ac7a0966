import { readFile } from 'node:fs/promises'
import type { SeriesName, SeriesTotal } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import { COUNTERS, type CounterName, MEASURED, POWER, seriesOfMetric } from '../contract/series.ts'

/** k6's own end figures: exact, over the measured part only. */
export interface K6Summary {
  counters: Record<CounterName, number>
  dropped: number
  /** Most users k6 had ready. */
  maxUsers: number | undefined
  series: { series: SeriesName; outcome: StepOutcome; count: number; exact?: NonNullable<SeriesTotal['exact']> }[]
}

/** Reads the file of `--summary-export`; undefined when there is none, as after a kill. Throws when it is not what k6 writes. */
export async function readK6Summary(path: string): Promise<K6Summary | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
  return parseK6Summary(JSON.parse(text))
}

export function parseK6Summary(document: unknown): K6Summary {
  const metrics = asObject(asObject(document)?.metrics)
  if (metrics === undefined) throw new Error('the k6 summary has no metrics')
  const counter = (name: string): number => figure(asObject(metrics[name]), 'count') ?? 0
  const names = Object.keys(COUNTERS) as CounterName[]
  const counters = { attempted: 0, completed: 0, transport: 0, threw: 0 }
  for (const name of names) counters[name] = counter(COUNTERS[name])
  return {
    counters,
    dropped: counter(`dropped_iterations{scenario:${MEASURED}}`),
    maxUsers: figure(asObject(metrics.vus_max), 'max'),
    series: Object.entries(metrics).flatMap(([name, value]) => {
      const ours = seriesOfMetric(name)
      const metric = asObject(value)
      const count = figure(metric, 'count') ?? 0
      return ours === undefined || metric === undefined || count === 0 ? [] : [{ ...ours, count, exact: exactFigures(metric) }]
    }),
  }
}

/**
 * The summaries of several generators as one; undefined when one is missing. Counts add up; quantiles do not, so `exact` is given
 * of a single generator only.
 */
export function mergedSummary(summaries: readonly (K6Summary | undefined)[]): K6Summary | undefined {
  const [first] = summaries
  const all = summaries.filter(summary => summary !== undefined)
  if (first === undefined || all.length < summaries.length) return undefined
  if (all.length === 1) return first
  const sum = (count: (summary: K6Summary) => number): number => all.reduce((total, summary) => total + count(summary), 0)
  const names = Object.keys(COUNTERS) as CounterName[]
  const groups = Map.groupBy(
    all.flatMap(summary => summary.series),
    series => `${series.series} ${series.outcome}`,
  )
  return {
    counters: Object.fromEntries(names.map(name => [name, sum(summary => summary.counters[name])])) as K6Summary['counters'],
    dropped: sum(summary => summary.dropped),
    maxUsers: sum(summary => summary.maxUsers ?? 0),
    series: [...groups.values()].flatMap(([one, ...others]) =>
      one === undefined
        ? []
        : [{ series: one.series, outcome: one.outcome, count: others.reduce((total, other) => total + other.count, one.count) }],
    ),
  }
}

/** Quantiles of 8th powers are 8th powers of the quantiles, since the power only grows. Between two samples k6 interpolates. */
function exactFigures(metric: Record<string, unknown>): NonNullable<SeriesTotal['exact']> {
  const root = (key: string): number => {
    const value = figure(metric, key)
    if (value === undefined) throw new Error(`the k6 summary lacks ${key}`)
    return value ** (1 / POWER)
  }
  return {
    min: root('min'),
    max: root('max'),
    p50: root('p(50)'),
    p90: root('p(90)'),
    p95: root('p(95)'),
    p99: root('p(99)'),
    p999: root('p(99.9)'),
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
}

function figure(object: Record<string, unknown> | undefined, key: string): number | undefined {
  const value = object?.[key]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
