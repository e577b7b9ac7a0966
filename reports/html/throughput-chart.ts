import { scaleLinear } from 'd3-scale'
import { area, curveStep, stack } from 'd3-shape'
import type { FaultWindow } from '../../src/contract/fault-windows.ts'
import type { LoadResult } from '../../src/contract/result.ts'
import { number, percent } from '../wording.ts'
import {
  at,
  baseAxis,
  type Frame,
  INK,
  type Ink,
  NARROW,
  secondLabel,
  secondTicks,
  surface,
  tickLabel,
  valueAxis,
  WIDE,
} from './chart-frame.ts'
import { faultMarks } from './fault-marks.ts'
import { chartFigure } from './figure.ts'
import { narrow, noteOf } from './latency-chart.ts'
import { html, type Markup } from './markup.ts'
import { type Slots, slotsOf } from './thin.ts'

type Key = 'granted' | 'carrierFailed' | 'refused' | 'failed'
interface Band {
  key: Key
  label: string
  ink: Ink
  hatch: boolean
}

// From the base up: errors stand on the base line, where their height can be read.
const BANDS: readonly Band[] = [
  { key: 'failed', label: 'failed', ink: 'orange', hatch: true },
  { key: 'refused', label: 'refused', ink: 'violet', hatch: false },
  { key: 'carrierFailed', label: 'carrier told to fail', ink: 'grey', hatch: false },
  { key: 'granted', label: 'granted', ink: 'pale', hatch: false },
]

/** Exchanges ended per second by how they ended, stacked, with the offered rate. */
export function throughputChart(load: LoadResult, windows: readonly FaultWindow[]): Markup | null {
  const slots = slotsOf(load.seconds)
  if (slots.start.length === 0) return null
  const finding = findingOf(load)
  const draw = (frame: Frame, className: string): Markup =>
    drawing(slots, load.offeredPerSecond, frame, finding, className, windows)
  return chartFigure({
    id: 'throughput-over-time',
    finding,
    help: 'Login exchanges that ended in each second, stacked by how they ended.',
    drawing: html`${draw(WIDE, 'wide-chart zoomable')}${narrow(draw(NARROW, ''))}`,
    legend: [
      ...BANDS.map(({ label, ink, hatch }) => ({ label, ink, kind: hatch ? ('hatch' as const) : ('area' as const) })),
      ...(load.offeredPerSecond === null
        ? []
        : [{ label: 'offered rate', ink: 'ink' as const, kind: 'line' as const, dash: '5 4', width: 1.5 }]),
    ],
    data: {
      heads: ['second', ...BANDS.map(band => `${band.label}/s`)],
      rows: slots.start.map((second, i) => [String(second), ...BANDS.map(band => number(slots.columns[band.key][i] ?? null))]),
      ...noteOf(slots),
    },
  })
}

function drawing(
  slots: Slots,
  offered: number | null,
  frame: Frame,
  label: string,
  className: string,
  windows: readonly FaultWindow[],
): Markup {
  const rows = slots.start.map(
    (_, i) => Object.fromEntries(BANDS.map(band => [band.key, slots.columns[band.key][i] ?? 0])) as Record<Key, number>,
  )
  const layers = stack<Record<Key, number>, Key>().keys(BANDS.map(band => band.key))(rows)
  const top = Math.max(1, offered ?? 0, ...rows.map(row => BANDS.reduce((sum, band) => sum + row[band.key], 0)))
  const last = (slots.start[slots.start.length - 1] ?? 0) + slots.secondsPerSlot
  const x = scaleLinear()
    .domain([0, last])
    .range([frame.left, frame.width - frame.right])
  const y = scaleLinear()
    .domain([0, top * 1.08])
    .range([frame.height - frame.bottom, frame.top])
  const shape = area<{ from: number; to: number; second: number }>()
    .x(point => x(point.second))
    .y0(point => y(point.from))
    .y1(point => y(point.to))
    .curve(curveStep)
    .digits(1)
  const pattern = `failed-${frame.width}`
  const bands = BANDS.map(({ key, ink, hatch }, b) => {
    const points = (layers[b] ?? []).map(([from, to], i) => ({
      from,
      to,
      second: (slots.start[i] ?? 0) + slots.secondsPerSlot / 2,
    }))
    const [first, end] = [points[0], points[points.length - 1]]
    if (first === undefined || end === undefined || points.every(point => point.to === point.from)) return null
    const d = shape([{ ...first, second: 0 }, ...points, { ...end, second: last }]) ?? ''
    return hatch
      ? html`<path class="s-${ink}" d="${d}" fill="url(#${pattern})" stroke="${INK[ink]}" stroke-width="1"/>`
      : html`<path class="f-${ink}" d="${d}" fill="${INK[ink]}" data-series="${key}"/>`
  })
  const offer =
    offered === null
      ? null
      : html`<line class="s-ink" x1="${frame.left}" x2="${frame.width - frame.right}" y1="${at(y(offered))}" y2="${at(y(offered))}" stroke="${INK.ink}" stroke-width="1.5" stroke-dasharray="5 4"/>`
  return surface(
    frame,
    label,
    [
      html`<defs><pattern id="${pattern}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="f-card" width="6" height="6" fill="${INK.card}"/><rect class="f-orange" width="3" height="6" fill="${INK.orange}"/></pattern></defs>`,
      valueAxis(
        frame,
        y.ticks(5).map(value => ({ at: y(value), label: `${tickLabel(value)}/s` })),
      ),
      html`${bands}`,
      faultMarks(windows, frame, x),
      html`${offer}`,
      baseAxis(
        frame,
        secondTicks(last, frame === WIDE ? 12 : 5).map(second => ({ at: x(second), label: secondLabel(second) })),
      ),
    ],
    className,
  )
}

function findingOf(load: LoadResult): string {
  const sum = (column: readonly number[]): number => column.reduce((total, n) => total + n, 0)
  const { granted, refused, failed, carrierFailed } = load.seconds
  const bad = sum(refused) + sum(failed)
  const all = sum(granted) + bad
  const told = sum(carrierFailed)
  const first = failed.findIndex((n, i) => n + (refused[i] ?? 0) > 0)
  const carrier = told === 0 ? '' : ` ${number(told)} more ended with a carrier that was told to fail.`
  if (bad === 0) return `All ${number(all)} logins with a working carrier were granted.${carrier}`
  return `${number(bad)} of ${number(all)} logins with a working carrier were refused or failed (${percent(bad / all)}), the first at ${secondLabel(first)}.${carrier}`
}
