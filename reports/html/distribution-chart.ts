import { scaleLinear, scaleLog } from 'd3-scale'
import { type Histogram, quantile } from '../../src/contract/histogram.ts'
import type { LoadResult } from '../../src/contract/result.ts'
import { milliseconds, number } from '../wording.ts'
import { at, baseAxis, HALF, INK, logTicks, msLabel, surface, tickLabel, valueAxis } from './chart-frame.ts'
import { chartFigure } from './figure.ts'
import { html, type Markup } from './markup.ts'

interface Bin {
  fromMs: number
  toMs: number
  granted: number
  others: number
}

const MOST_BINS = 48

/** How long logins took: granted ones upwards, all others downwards on a scale of their own, so that a few slow failures are seen. */
export function distributionChart(load: LoadResult): Markup | null {
  const exchanges = load.summaries.filter(one => one.series === 'oneTap' && one.count > 0)
  const granted = exchanges.find(one => one.outcome === 'granted')?.histogram
  const others = exchanges.filter(one => one.outcome !== 'granted').map(one => one.histogram)
  const bins = binsOf(granted, others)
  if (bins.length === 0) return null
  const finding = findingOf(granted, others)
  return chartFigure({
    id: 'latency-distribution',
    finding,
    help: 'Logins by how long they took, in bins of equal width on a logarithmic scale.',
    drawing: drawing(bins, granted, finding),
    legend: [
      { label: 'granted', ink: 'sky', kind: 'area' },
      ...(others.length > 0
        ? [{ label: 'all others (own scale, downwards)', ink: 'orange' as const, kind: 'hatch' as const }]
        : []),
    ],
    data: {
      heads: ['from, ms', 'to, ms', 'granted', 'others'],
      rows: bins.map(bin => [milliseconds(bin.fromMs), milliseconds(bin.toMs), number(bin.granted), number(bin.others)]),
    },
  })
}

/** Fine buckets gathered into wider ones, whole buckets only: counts stay exact. Histograms of another resolution are left out. */
function binsOf(granted: Histogram | undefined, others: readonly Histogram[]): Bin[] {
  const base = granted ?? others[0]
  if (base === undefined) return []
  const alike = others.filter(one => Math.abs(one.logBase - base.logBase) < 1e-12)
  const indices = [base, ...alike].flatMap(one => one.buckets.map(([index]) => index))
  if (indices.length === 0) return []
  const low = Math.min(...indices)
  const perBin = Math.max(1, Math.ceil((Math.max(...indices) - low + 1) / MOST_BINS))
  const bins = Array.from({ length: Math.floor((Math.max(...indices) - low) / perBin) + 1 }, (_, i): Bin => {
    const from = low - 1 + i * perBin
    return { fromMs: Math.exp(base.logBase * from), toMs: Math.exp(base.logBase * (from + perBin)), granted: 0, others: 0 }
  })
  const add = (histogram: Histogram, side: 'granted' | 'others'): void => {
    for (const [index, count] of histogram.buckets) {
      const bin = bins[Math.floor((index - low) / perBin)]
      if (bin !== undefined) bin[side] += count
    }
  }
  if (granted !== undefined) add(granted, 'granted')
  for (const histogram of alike) add(histogram, 'others')
  return bins
}

function drawing(bins: readonly Bin[], granted: Histogram | undefined, label: string): Markup {
  const frame = HALF
  const low = bins[0]?.fromMs ?? 1
  const high = bins[bins.length - 1]?.toMs ?? 10
  const most = Math.max(...bins.map(bin => bin.granted))
  const mostOthers = Math.max(...bins.map(bin => bin.others))
  const floor = frame.height - frame.bottom
  const middle = mostOthers === 0 ? floor : most === 0 ? frame.top : frame.top + (floor - frame.top) * 0.72
  const x = scaleLog()
    .domain([low, high])
    .range([frame.left, frame.width - frame.right])
  const up = scaleLinear()
    .domain([0, Math.max(1, most) * 1.06])
    .range([middle, frame.top + 14])
  const down = scaleLinear()
    .domain([0, Math.max(1, mostOthers) * 1.1])
    .range([middle, floor])
  const bar = (bin: Bin, from: number, to: number): string =>
    `M${at(x(bin.fromMs))} ${at(from)}H${at(x(bin.toMs))}V${at(to)}H${at(x(bin.fromMs))}z`
  const path = (side: 'granted' | 'others'): string =>
    bins
      .map(bin =>
        bin[side] === 0 ? '' : side === 'granted' ? bar(bin, up(bin.granted), middle) : bar(bin, middle, down(bin.others)),
      )
      .join('')
  const ticks = up.ticks(4).map(value => ({ at: up(value), label: tickLabel(value) }))
  const below = mostOthers === 0 ? [] : [{ at: down(mostOthers), label: tickLabel(mostOthers) }]
  return surface(frame, label, [
    html`<defs><pattern id="others" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="f-card" width="6" height="6" fill="${INK.card}"/><rect class="f-orange" width="3" height="6" fill="${INK.orange}"/></pattern></defs>`,
    valueAxis(frame, [...(most === 0 ? [] : ticks), ...below]),
    html`<path class="f-sky s-card" d="${path('granted')}" fill="${INK.sky}" stroke="${INK.card}" stroke-width="0.5"/>`,
    html`<path class="s-orange" d="${path('others')}" fill="url(#others)" stroke="${INK.orange}" stroke-width="0.8"/>`,
    html`<line class="s-soft" x1="${frame.left}" x2="${frame.width - frame.right}" y1="${at(middle)}" y2="${at(middle)}" stroke="${INK.soft}"/>`,
    html`${granted === undefined ? null : marks(granted, x, middle)}`,
    baseAxis(
      frame,
      logTicks(low, high, 6).map(value => ({ at: x(value), label: msLabel(value) })),
    ),
  ])
}

function marks(granted: Histogram, x: (value: number) => number, floor: number): Markup {
  const found = (
    [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
    ] as const
  ).flatMap(([name, q]) => {
    const value = quantile(granted, q)
    return value === undefined || value <= 0 ? [] : [{ name, at: x(value) }]
  })
  // Labels that would overlap are left out; the line stays and the table has the figure.
  let taken = Number.NEGATIVE_INFINITY
  return html`<g aria-hidden="true">${found.map(mark => {
    const free = mark.at - taken > 28
    if (free) taken = mark.at
    return html`<line class="s-ink" x1="${at(mark.at)}" x2="${at(mark.at)}" y1="${HALF.top + 6}" y2="${at(floor)}" stroke="${INK.ink}" stroke-dasharray="3 3"/>${free ? html`<text class="f-ink" x="${at(mark.at)}" y="${HALF.top}" text-anchor="middle" font-size="12" fill="${INK.ink}">${mark.name}</text>` : null}`
  })}</g>`
}

function findingOf(granted: Histogram | undefined, others: readonly Histogram[]): string {
  const count = others.reduce((sum, one) => sum + one.count, 0)
  const rest = count === 0 ? '' : ` ${number(count)} ended otherwise.`
  const half = granted === undefined ? undefined : quantile(granted, 0.5)
  const hundredth = granted === undefined ? undefined : quantile(granted, 0.99)
  if (half === undefined || hundredth === undefined) return `No login was granted.${rest}`
  return `Half of the granted logins took ${milliseconds(half)} ms or less, one in a hundred more than ${milliseconds(hundredth)} ms.${rest}`
}
