import { scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import { type Histogram, quantile } from '../../src/contract/histogram.ts'
import type { LoadResult } from '../../src/contract/result.ts'
import { milliseconds } from '../wording.ts'
import { at, baseAxis, HALF, INK, type Ink, logTicks, msLabel, surface, valueAxis } from './chart-frame.ts'
import { chartFigure } from './figure.ts'
import { html, type Markup } from './markup.ts'

/** Ticks of the base axis: one in so many is slower. */
const TAILS = [
  [2, 'p50'],
  [10, 'p90'],
  [100, 'p99'],
  [1000, 'p99.9'],
  [10_000, 'p99.99'],
] as const
const STEPS = 80

interface Curve {
  label: string
  ink: Ink
  dash?: string
  histogram: Histogram
}

/** Time against one over the share that is slower: the further right, the rarer. Drawn no further than ten samples reach. */
export function percentileChart(load: LoadResult): Markup | null {
  const curves = curvesOf(load)
  const most = Math.max(...curves.map(({ histogram }) => histogram.count / 10))
  const values = curves.flatMap(curve => points(curve.histogram).map(([, ms]) => ms))
  if (curves.length === 0 || most < 10 || values.length === 0) return null
  const finding = findingOf(curves)
  return chartFigure({
    id: 'percentile-curve',
    finding,
    help: 'Time by percentile, both on logarithmic scales: each step to the right is ten times rarer. It ends where fewer than ten samples are slower.',
    drawing: drawing(curves, Math.min(10_000, most), values, finding),
    legend: curves.map(({ label, ink, dash }) => ({
      label,
      ink,
      kind: 'line',
      width: 2.4,
      ...(dash === undefined ? {} : { dash }),
    })),
    data: {
      heads: ['percentile', ...curves.map(({ label }) => `${label}, ms`)],
      rows: TAILS.filter(([tail]) => tail <= most).map(([tail, name]) => [
        name,
        ...curves.map(({ histogram }) => milliseconds(tail <= histogram.count / 10 ? quantile(histogram, 1 - 1 / tail) : null)),
      ]),
    },
  })
}

function curvesOf(load: LoadResult): Curve[] {
  const granted = (series: string): Histogram | undefined =>
    load.summaries.find(one => one.series === series && one.outcome === 'granted' && one.count > 0)?.histogram
  const [login, added, carrier] = [granted(load.logins?.[0] ?? 'oneTap'), granted('backend_added'), load.carrier?.intendedMs]
  return [
    ...(login === undefined ? [] : [{ label: 'login', ink: 'blue' as const, histogram: login }]),
    ...(added === undefined ? [] : [{ label: 'backend_added', ink: 'orange' as const, histogram: added }]),
    ...(carrier === undefined || carrier.count === 0
      ? []
      : [{ label: 'carrier, as intended', ink: 'grey' as const, dash: '6 4', histogram: carrier }]),
  ]
}

/** [one in so many is slower, milliseconds]. */
function points(histogram: Histogram): [number, number][] {
  const most = histogram.count / 10
  return Array.from({ length: STEPS + 1 }, (_, i): [number, number] => {
    const tail = 10 ** ((i / STEPS) * 4)
    return [tail, quantile(histogram, 1 - 1 / tail) ?? 0]
  }).filter(([tail, ms]) => tail >= 1.2 && tail <= most && ms > 0)
}

function drawing(curves: readonly Curve[], most: number, values: readonly number[], label: string): Markup {
  const frame = HALF
  const [low, high] = [Math.min(...values) * 0.9, Math.max(...values) * 1.1]
  const x = scaleLog()
    .domain([1.2, most])
    .range([frame.left, frame.width - frame.right])
  const y = scaleLog()
    .domain([low, high])
    .range([frame.height - frame.bottom, frame.top])
  const path = line<[number, number]>()
    .x(([tail]) => x(tail))
    .y(([, ms]) => y(ms))
    .digits(1)
  return surface(frame, label, [
    valueAxis(
      frame,
      logTicks(low, high, 8).map(value => ({ at: y(value), label: msLabel(value).replace(' ', '\u202f') })),
    ),
    baseAxis(
      frame,
      TAILS.filter(([tail]) => tail <= most).map(([tail, name]) => ({ at: x(tail), label: name })),
    ),
    ...curves.map(
      ({ histogram, ink, dash }) =>
        html`<path class="s-${ink}" d="${path(points(histogram)) ?? ''}" fill="none" stroke="${INK[ink]}" stroke-width="${at(2.4)}" stroke-dasharray="${dash ?? 'none'}"/>`,
    ),
  ])
}

function findingOf(curves: readonly Curve[]): string {
  const [first] = curves
  if (first === undefined) return 'There is nothing to draw.'
  const [half, hundredth] = [quantile(first.histogram, 0.5), quantile(first.histogram, 0.99)]
  const times = half === undefined || hundredth === undefined || half <= 0 ? '–' : milliseconds(hundredth / half)
  return `One ${first.label} in a hundred takes ${times} times the median or longer.`
}
