import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import type { FaultWindow } from '../../src/contract/fault-windows.ts'
import type { LoadResult } from '../../src/contract/result.ts'
import { milliseconds } from '../wording.ts'
import {
  at,
  baseAxis,
  type Frame,
  INK,
  type Ink,
  logTicks,
  msLabel,
  NARROW,
  secondLabel,
  secondTicks,
  surface,
  valueAxis,
  WIDE,
} from './chart-frame.ts'
import { faultMarks, faultText } from './fault-marks.ts'
import { chartFigure } from './figure.ts'
import { html, type Markup } from './markup.ts'
import { type Slots, slotNote, slotsOf } from './thin.ts'

interface Curve {
  key: 'loginP50Ms' | 'loginP95Ms' | 'loginP99Ms' | 'addedP50Ms' | 'addedP99Ms'
  label: string
  ink: Ink
  width: number
  dash?: string
}

const CURVES: readonly Curve[] = [
  { key: 'loginP99Ms', label: 'login p99', ink: 'blue', width: 2.6 },
  { key: 'loginP95Ms', label: 'login p95', ink: 'blue', width: 1.8, dash: '7 4' },
  { key: 'loginP50Ms', label: 'login p50', ink: 'blue', width: 1.8, dash: '2 3' },
  { key: 'addedP99Ms', label: 'backend_added p99', ink: 'orange', width: 2.6 },
  { key: 'addedP50Ms', label: 'backend_added p50', ink: 'orange', width: 1.8, dash: '2 3' },
]

/** Percentiles of granted logins over time, and beside them the part the backend is answerable for. */
export function latencyChart(load: LoadResult, windows: readonly FaultWindow[]): Markup | null {
  const slots = slotsOf(load.seconds)
  const values = CURVES.flatMap(curve => slots.columns[curve.key]).filter((value): value is number => value !== null && value > 0)
  if (values.length === 0) return null
  const range: [number, number] = [Math.min(...values) * 0.9, Math.max(...values) * 1.1]
  const finding = `${findingOf(slots)}${faultText(windows)}`
  const draw = (frame: Frame, className: string): Markup => drawing(slots, range, frame, finding, className, windows)
  return chartFigure({
    id: 'latency-over-time',
    finding,
    help: 'Granted logins, second by second, on a logarithmic scale. backend_added is the login less what the carrier was told to take.',
    drawing: html`${draw(WIDE, 'wide-chart zoomable')}${narrow(draw(NARROW, ''))}`,
    legend: CURVES.map(({ label, ink, dash, width }) => ({
      label,
      ink,
      kind: 'line',
      width,
      ...(dash === undefined ? {} : { dash }),
    })),
    data: {
      heads: ['second', ...CURVES.map(curve => `${curve.label}, ms`)],
      rows: slots.start.map((second, i) => [
        String(second),
        ...CURVES.map(curve => milliseconds(slots.columns[curve.key][i] ?? null)),
      ]),
      ...noteOf(slots),
    },
  })
}

/** The variant for small screens; hidden from readers without the style sheet, who get the wide one. */
export function narrow(drawn: Markup): Markup {
  return html`<div class="narrow-chart" hidden>${drawn}</div>`
}

export function noteOf(slots: Slots): { note?: string } {
  const note = slotNote(slots)
  return note === undefined ? {} : { note }
}

function drawing(
  slots: Slots,
  [low, high]: [number, number],
  frame: Frame,
  label: string,
  className: string,
  windows: readonly FaultWindow[],
): Markup {
  const last = (slots.start[slots.start.length - 1] ?? 0) + slots.secondsPerSlot - 1
  const x = scaleLinear()
    .domain([0, Math.max(1, last)])
    .range([frame.left, frame.width - frame.right])
  const y = scaleLog()
    .domain([low, high])
    .range([frame.height - frame.bottom, frame.top])
  const ticks = logTicks(low, high, 9).map(value => ({ at: y(value), label: msLabel(value) }))
  const most = frame === WIDE ? 12 : 5
  const path = line<number | null>()
    .defined(value => value !== null && value > 0)
    .x((_, i) => x(slots.start[i] ?? 0))
    .y(value => y(value ?? low))
    .digits(1)
  return surface(
    frame,
    label,
    [
      faultMarks(windows, frame, x),
      valueAxis(frame, ticks),
      baseAxis(
        frame,
        secondTicks(last, most).map(second => ({ at: x(second), label: secondLabel(second) })),
      ),
      ...[...CURVES]
        .reverse()
        .map(
          ({ key, ink, width, dash }) =>
            html`<path class="s-${ink}" d="${path(slots.columns[key]) ?? ''}" fill="none" stroke="${INK[ink]}" stroke-width="${at(width)}" stroke-linecap="${dash === undefined ? 'round' : 'butt'}" stroke-linejoin="round" stroke-dasharray="${dash ?? 'none'}"/>`,
        ),
    ],
    className,
  )
}

function findingOf(slots: Slots): string {
  const p99 = slots.columns.loginP99Ms
  const seen = p99.filter((value): value is number => value !== null)
  if (seen.length === 0) return 'No login was granted in any second.'
  const worst = Math.max(...seen)
  const added = slots.columns.addedP99Ms.filter((value): value is number => value !== null)
  const second = slots.start[p99.indexOf(worst)] ?? 0
  const backend = added.length === 0 ? '' : ` backend_added p99 peaked at ${milliseconds(Math.max(...added))} ms.`
  return `Login p99 lay between ${milliseconds(Math.min(...seen))} and ${milliseconds(worst)} ms, highest at ${secondLabel(second)}.${backend}`
}
