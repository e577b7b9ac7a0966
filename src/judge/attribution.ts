import type { Attribution, TimeFigure } from '../contract/attribution.ts'
import type { LoadEvidence, SeriesName, SeriesTotal } from '../contract/engine.ts'
import { type Histogram, mergeHistograms, quantile } from '../contract/histogram.ts'
import type { JournalTotals, ProviderTraffic } from '../contract/journal.ts'
import { figureOf, loginsOf } from './figure.ts'

/** Splits the time of granted logins into the carrier's, the backend's and the connection's, and counts what they cost at the carriers. */
export function attributionOf(load: LoadEvidence, carrier: JournalTotals | null): Attribution {
  const byProvider = carrier?.traffic ?? {}
  const traffic = Object.values(byProvider).reduce(added, NO_TRAFFIC)
  const tokens = traffic.calls - traffic.repeated
  return {
    login: granted(load, loginsOf(load)[0]),
    carrier: ofHistogram(carrier?.intendedMs),
    backendAdded: granted(load, 'backend_added'),
    connect: ofHistogram(merged(load, 'connect')),
    callsPerToken: tokens > 0 ? traffic.calls / tokens : null,
    traffic,
    byProvider,
  }
}

const NO_TRAFFIC: ProviderTraffic = { calls: 0, repeated: 0, connections: 0, abandoned: 0 }

function added(sum: ProviderTraffic, one: ProviderTraffic): ProviderTraffic {
  return {
    calls: sum.calls + one.calls,
    repeated: sum.repeated + one.repeated,
    connections: sum.connections + one.connections,
    abandoned: sum.abandoned + one.abandoned,
  }
}

/** The engine's own figures where it gave exact ones. */
function granted(load: LoadEvidence, series: SeriesName): TimeFigure {
  const total = load.totals.find(one => one.series === series && one.outcome === 'granted')
  return total === undefined ? ofHistogram(undefined) : ofTotal(total)
}

function ofTotal(total: SeriesTotal): TimeFigure {
  return { count: total.count, p50Ms: figureOf(total, 'p50')?.value ?? null, p99Ms: figureOf(total, 'p99')?.value ?? null }
}

function ofHistogram(histogram: Histogram | undefined): TimeFigure {
  if (histogram === undefined || histogram.count === 0) return { count: 0, p50Ms: null, p99Ms: null }
  return { count: histogram.count, p50Ms: quantile(histogram, 0.5) ?? null, p99Ms: quantile(histogram, 0.99) ?? null }
}

/** Over all outcomes: a connection costs the same whoever is let in. */
function merged(load: LoadEvidence, series: SeriesName): Histogram | undefined {
  const parts = load.totals.filter(one => one.series === series).map(one => one.histogram)
  return parts.length === 0 ? undefined : mergeHistograms(parts)
}
