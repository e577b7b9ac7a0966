import { type FaultWindow, faultWindows } from '../../src/contract/fault-windows.ts'
import { STEP_OUTCOMES } from '../../src/contract/flow.ts'
import { quantile } from '../../src/contract/histogram.ts'
import type { JournalTotals } from '../../src/contract/journal.ts'
import type { LoadResult, Result, SeriesSummary } from '../../src/contract/result.ts'
import { duration, milliseconds, number, STEP_TITLES, seriesTitle } from '../wording.ts'
import { attributionTable } from './attribution-table.ts'
import { costChart } from './cost-chart.ts'
import { distributionChart } from './distribution-chart.ts'
import { errorGroups } from './error-section.ts'
import { dataTable } from './figure.ts'
import { latencyChart } from './latency-chart.ts'
import { html, type Markup } from './markup.ts'
import { percentileChart } from './percentile-chart.ts'
import { throughputChart } from './throughput-chart.ts'

/** What honest users lived through: charts, then every figure. */
export function loadSection(result: Result): Markup {
  const { load } = result
  return html`<section id="load" aria-labelledby="load-title">
<h2 id="load-title">Load</h2>
${load === null ? html`<p>${result.plan.load === null ? 'The plan asks for no load.' : 'The plan asks for load and no evidence of it was kept.'}</p>` : body(load, faultWindows(result.plan.mocks, load.durationMs))}
</section>
`
}

function body(load: LoadResult, windows: readonly FaultWindow[]): Markup {
  return html`<p>${sentence(load)}</p>
${latencyChart(load, windows) ?? html`<p class="soft">No login was granted, so there is no latency to draw.</p>`}
${throughputChart(load, windows)}
<div class="pair">${distributionChart(load)}${percentileChart(load)}${costChart(load)}</div>
${attributionTable(load)}
<h3 id="operations">Operations</h3>
${operations(load)}
${errorGroups(load)}
<h3>Carriers</h3>
${load.carrier === null ? html`<p>The mock carriers left no journal.</p>` : carriers(load.carrier)}
`
}

function sentence(load: LoadResult): string {
  const open = load.engine.model === 'open'
  const model = open
    ? `offered ${number(load.offeredPerSecond)} arrivals a second, whatever the backend did,`
    : 'let each user wait for the answer before asking again (a closed model, which hides stalls)'
  return `${load.engine.id} ${load.engine.version} ${model} for ${duration(load.durationMs)} with scenario ${load.scenario}. ${number(load.completed)} of ${number(load.attempted)} visits came to their end, ${number(load.achievedPerSecond)} a second; ${number(load.dropped)} were dropped and ${number(load.transportErrors)} requests got no reply.`
}

/** In the order a login walks them. */
const SERIES: readonly SeriesSummary['series'][] = ['nonce', 'oneTap', 'backend_added', 'me', 'logout', 'rebind']

function operations(load: LoadResult): Markup {
  const place = (one: SeriesSummary): number => SERIES.indexOf(one.series) * 10 + STEP_OUTCOMES.indexOf(one.outcome)
  const shown = load.summaries.filter(one => one.count > 0).sort((a, b) => place(a) - place(b))
  const exact = shown.every(one => one.exact)
  return dataTable(
    {
      heads: ['operation', 'ended', 'count', 'min', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'],
      words: 2,
      rows: shown.map(one => [
        seriesTitle(one.series),
        STEP_TITLES[one.outcome],
        number(one.count),
        ...[one.minMs, one.p50Ms, one.p90Ms, one.p95Ms, one.p99Ms, one.p999Ms, one.maxMs].map(milliseconds),
      ]),
      note: exact
        ? 'Milliseconds, the engine’s own exact figures.'
        : 'Milliseconds. Figures without an exact source are read from merged histograms and may be off by one bucket, 1.1 %.',
    },
    'operations',
  )
}

function carriers(carrier: JournalTotals): Markup {
  const results = Object.entries(carrier.byResult).sort(([a], [b]) => (a < b ? -1 : 1))
  const lateness = (q: number): string => milliseconds(quantile(carrier.delayErrorMs, q))
  return html`<p>The mock carriers were called ${number(carrier.calls)} times, gave out ${number(carrier.redeemed)} numbers and would have charged for ${number(carrier.billed)} calls. They answered later than intended by ${lateness(0.5)} ms in the median and ${lateness(0.99)} ms at p99.</p>
${dataTable({ heads: ['carrier/result code', 'calls'], rows: results.map(([code, calls]) => [code, number(calls)]) }, 'carrier results')}`
}
