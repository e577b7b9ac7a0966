import type { LoadEvidence, SeriesName, SeriesTotal } from '../contract/engine.ts'
import type { StepOutcome } from '../contract/flow.ts'
import { type Histogram, mergeHistograms, quantile } from '../contract/histogram.ts'
import type { LoadResult, SeriesSummary } from '../contract/result.ts'
import { attributionOf } from './attribution.ts'
import { figureOf, loginsOf } from './figure.ts'
import type { LoadRecord } from './ledger-view.ts'
import { reconcile } from './reconciliation.ts'

/** What people read about a load: one summary a series and outcome, and columns over its seconds. */
export function summarise({ load, carrier, tokens }: LoadRecord): LoadResult {
  const reconciliation = reconcile(load, tokens)
  return {
    engine: load.engine,
    scenario: load.scenario,
    logins: loginsOf(load),
    startedAt: new Date(load.startedAtMs).toISOString(),
    durationMs: load.durationMs,
    offeredPerSecond: load.offeredPerSecond,
    achievedPerSecond: load.durationMs > 0 ? (load.completed * 1000) / load.durationMs : 0,
    attempted: load.attempted,
    completed: load.completed,
    dropped: load.dropped,
    transportErrors: load.transportErrors,
    summaries: load.totals.map(summaryOf),
    seconds: columnsOf(load),
    carrier,
    attribution: attributionOf(load, carrier),
    ...(reconciliation === undefined ? {} : { reconciliation }),
    generator: load.generator,
    end: load.end,
  }
}

function summaryOf(total: SeriesTotal): SeriesSummary {
  const ms = (stat: Parameters<typeof figureOf>[1]): number | null => figureOf(total, stat)?.value ?? null
  return {
    series: total.series,
    outcome: total.outcome,
    count: total.count,
    minMs: ms('min'),
    maxMs: ms('max'),
    p50Ms: ms('p50'),
    p90Ms: ms('p90'),
    p95Ms: ms('p95'),
    p99Ms: ms('p99'),
    p999Ms: ms('p999'),
    exact: total.exact !== undefined && total.count > 0,
    histogram: total.histogram,
  }
}

/** A second later than this after the planned end is a clock gone wrong, and would blow the columns up. */
const LATEST_TAIL_SECONDS = 120

function columnsOf(load: LoadEvidence): LoadResult['seconds'] {
  const limit = Math.ceil(load.durationMs / 1000) + LATEST_TAIL_SECONDS
  const cells = new Map<string, Histogram[]>()
  let last = -1
  for (const { second, series, outcome, histogram } of load.seconds) {
    if (second < 0 || second > limit) continue
    last = Math.max(last, second)
    const key = cellKey(series, outcome, second)
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, [histogram])
    else cell.push(histogram)
  }
  const second = Array.from({ length: last + 1 }, (_, i) => i)
  const cell = (series: SeriesName, outcome: StepOutcome, at: number): Histogram | undefined => {
    const parts = cells.get(cellKey(series, outcome, at))
    return parts === undefined ? undefined : mergeHistograms(parts)
  }
  const logins = loginsOf(load)
  const counts = (outcome: StepOutcome): number[] =>
    second.map(at => logins.reduce((sum, series) => sum + (cell(series, outcome, at)?.count ?? 0), 0))
  const quantiles = (series: SeriesName, q: number): (number | null)[] =>
    second.map(at => {
      const histogram = cell(series, 'granted', at)
      return (histogram === undefined ? undefined : quantile(histogram, q)) ?? null
    })
  return {
    stepMs: 1000,
    second,
    granted: counts('granted'),
    refused: counts('refused'),
    failed: counts('failed'),
    carrierFailed: counts('carrier-failed'),
    loginP50Ms: quantiles(logins[0], 0.5),
    loginP95Ms: quantiles(logins[0], 0.95),
    loginP99Ms: quantiles(logins[0], 0.99),
    addedP50Ms: quantiles('backend_added', 0.5),
    addedP95Ms: quantiles('backend_added', 0.95),
    addedP99Ms: quantiles('backend_added', 0.99),
  }
}

function cellKey(series: SeriesName, outcome: StepOutcome, second: number): string {
  return `${series}/${outcome}/${second}`
}
