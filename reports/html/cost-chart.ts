import { scaleLinear } from 'd3-scale'
import { quantile } from '../../src/contract/histogram.ts'
import type { LoadResult, SeriesSummary } from '../../src/contract/result.ts'
import { milliseconds, percent } from '../wording.ts'
import { at, HALF, INK, msLabel, surface } from './chart-frame.ts'
import { chartFigure } from './figure.ts'
import { html, type Markup } from './markup.ts'

interface Row {
  name: string
  carrierMs: number
  addedMs: number
  loginMs: number
}

const STATS = [
  ['p50', 0.5, 'p50Ms'],
  ['p90', 0.9, 'p90Ms'],
  ['p95', 0.95, 'p95Ms'],
  ['p99', 0.99, 'p99Ms'],
] as const

/** What the carrier cost and what the backend cost, percentile by percentile, with the measured login beside the sum. */
export function costChart(load: LoadResult): Markup | null {
  const rows = rowsOf(load)
  const median = rows[0]
  if (median === undefined) return null
  const total = median.carrierMs + median.addedMs
  const share = total === 0 ? 0 : median.addedMs / total
  const finding = `At the median the carrier takes ${milliseconds(median.carrierMs)} ms and the backend adds ${milliseconds(median.addedMs)} ms, ${percent(share)} of the two.`
  return chartFigure({
    id: 'carrier-and-backend-cost',
    finding,
    help: 'What the carrier cost and what the backend cost. Each bar puts a percentile of one beside the same percentile of the other; quantiles of a sum are not sums of quantiles, so the measured login is marked as well and need not lie at the bar’s end.',
    drawing: drawing(rows, finding),
    legend: [
      { label: 'carrier, as intended', ink: 'pale', kind: 'area' },
      { label: 'backend_added', ink: 'orange', kind: 'area' },
      { label: 'login, as measured', ink: 'ink', kind: 'line', width: 3 },
    ],
    data: {
      heads: ['percentile', 'carrier, ms', 'backend_added, ms', 'login, ms'],
      rows: rows.map(row => [row.name, ...[row.carrierMs, row.addedMs, row.loginMs].map(milliseconds)]),
      note: 'The carrier’s figures cover every call to the mocks, repeated calls and warm-up included; the others are granted logins of the measured part.',
    },
  })
}

function rowsOf(load: LoadResult): Row[] {
  const granted = (series: SeriesSummary['series']): SeriesSummary | undefined =>
    load.summaries.find(one => one.series === series && one.outcome === 'granted')
  const [login, added] = [granted('oneTap'), granted('backend_added')]
  return STATS.flatMap(([name, q, key]) => {
    const carrierMs = load.carrier === null ? undefined : quantile(load.carrier.intendedMs, q)
    const [loginMs, addedMs] = [login?.[key], added?.[key]]
    if (carrierMs === undefined || typeof loginMs !== 'number' || typeof addedMs !== 'number') return []
    return [{ name, carrierMs, addedMs: Math.max(0, addedMs), loginMs }]
  })
}

const BAR = 28

function drawing(rows: readonly Row[], label: string): Markup {
  const frame = { ...HALF, left: 40 }
  const most = Math.max(...rows.map(row => Math.max(row.carrierMs + row.addedMs, row.loginMs)))
  const x = scaleLinear()
    .domain([0, Math.max(1e-6, most) * 1.04])
    .range([frame.left, frame.width - frame.right])
  const step = (frame.height - frame.top - frame.bottom) / rows.length
  const floor = frame.height - frame.bottom
  return surface(frame, label, [
    html`<g aria-hidden="true">${x
      .ticks(5)
      .map(
        value =>
          html`<line class="s-line" x1="${at(x(value))}" x2="${at(x(value))}" y1="${frame.top}" y2="${floor}" stroke="${INK.line}"/><text class="f-soft" x="${at(x(value))}" y="${floor + 20}" text-anchor="middle" fill="${INK.soft}">${msLabel(value)}</text>`,
      )}</g>`,
    ...rows.map((row, i) => {
      const top = frame.top + i * step + (step - BAR) / 2
      const [left, joint, end] = [x(0), x(row.carrierMs), x(row.carrierMs + row.addedMs)]
      const mark = at(x(row.loginMs))
      return html`<text class="f-ink" x="4" y="${at(top + BAR / 2 + 4.5)}" fill="${INK.ink}">${row.name}</text><rect class="f-pale" x="${at(left)}" y="${at(top)}" width="${at(joint - left)}" height="${BAR}" fill="${INK.pale}"/><rect class="f-orange" x="${at(joint)}" y="${at(top)}" width="${at(Math.max(end - joint, 1))}" height="${BAR}" fill="${INK.orange}"/><line class="s-ink" x1="${mark}" x2="${mark}" y1="${at(top - 5)}" y2="${at(top + BAR + 5)}" stroke="${INK.ink}" stroke-width="3"/>`
    }),
  ])
}
