import { scaleLinear, scalePoint } from 'd3-scale'
import type { ChangePoint, GateTrend } from '../../src/contract/history.ts'
import { gateFigure } from '../wording.ts'
import { at, baseAxis, type Frame, INK, surface, valueAxis, WIDE } from './chart-frame.ts'
import { chartFigure, type LegendEntry } from './figure.ts'
import { html, type Markup } from './markup.ts'

const FRAME: Frame = { ...WIDE, height: 220, left: 84 }
const LEGEND: readonly LegendEntry[] = [
  { label: 'observed; a square did not pass', ink: 'blue', kind: 'line' },
  { label: 'limit', ink: 'ink', kind: 'line', dash: '6 4' },
  { label: 'change of level', ink: 'orange', kind: 'line', dash: '2 3' },
]

/** One gate over its runs: the figure, the limit it was held against then, and where its level changed. */
export function trendFigure(trend: GateTrend, id: string): Markup {
  const { title, points, unit, notSought } = trend
  const finding = findingOf(trend)
  return chartFigure({
    id,
    finding: `${title}: ${finding}`,
    help: notSought === undefined ? 'One point a run, oldest at the left.' : `Changes were not looked for: ${notSought}.`,
    drawing: drawing(trend, `${title}: ${finding}`),
    legend: LEGEND,
    data: {
      heads: ['run', 'started', 'outcome', 'observed', 'limit'],
      words: 3,
      rows: points.map(({ run, outcome, observed, limit }) => [
        run.id,
        run.startedAt.slice(0, 19).replace('T', ' '),
        outcome,
        gateFigure(observed, unit),
        gateFigure(limit, unit),
      ]),
    },
  })
}

function findingOf({ changes, notSought, unit, points }: GateTrend): string {
  if (changes.length === 0) return notSought === undefined ? 'no change of level was found' : 'too few runs to speak of a change'
  return changes.map(change => changeText(change, unit, points[change.at]?.run.id ?? '')).join('; ')
}

function changeText({ before, after, chance, alsoChanged }: ChangePoint, unit: GateTrend['unit'], run: string): string {
  const also = alsoChanged.length === 0 ? '' : `, where also changed ${alsoChanged.join(', ')}`
  return `from ${gateFigure(before, unit)} to ${gateFigure(after, unit)} at ${run} (by chance ${Number((chance * 100).toPrecision(2))} % of times)${also}`
}

function drawing({ points, changes, unit }: GateTrend, label: string): Markup {
  const bottom = FRAME.height - FRAME.bottom
  const x = scalePoint<number>()
    .domain(points.map((_, i) => i))
    .range([FRAME.left + 8, FRAME.width - FRAME.right - 8])
  const most = Math.max(0, ...points.flatMap(({ observed, limit }) => [observed ?? 0, limit ?? 0]))
  const y = scaleLinear()
    .domain([0, most === 0 ? 1 : most * 1.1])
    .range([bottom, FRAME.top])
  const placeOf = (i: number): number => at(x(i) ?? 0)
  const path = (pick: (point: GateTrend['points'][number]) => number | null): string => {
    let pen = 'M'
    return points
      .map((point, i) => {
        const value = pick(point)
        const step = value === null ? '' : `${pen}${placeOf(i)} ${at(y(value))}`
        pen = value === null ? 'M' : 'L'
        return step
      })
      .join('')
  }
  const every = Math.max(1, Math.ceil(points.length / 8))
  const days = points.flatMap(({ run }, i) => (i % every === 0 ? [{ at: placeOf(i), label: run.startedAt.slice(5, 10) }] : []))
  return surface(
    FRAME,
    label,
    [
      valueAxis(
        FRAME,
        y.ticks(4).map(tick => ({ at: y(tick), label: gateFigure(tick, unit) })),
      ),
      baseAxis(FRAME, days),
      ...changes.map(
        change =>
          html`<line class="s-orange" x1="${placeOf(change.at)}" x2="${placeOf(change.at)}" y1="${FRAME.top}" y2="${bottom}" stroke="${INK.orange}" stroke-width="2" stroke-dasharray="2 3"/>`,
      ),
      html`<path class="s-ink" d="${path(({ limit }) => limit)}" fill="none" stroke="${INK.ink}" stroke-width="1.5" stroke-dasharray="6 4"/>`,
      html`<path class="s-blue" d="${path(({ observed }) => observed)}" fill="none" stroke="${INK.blue}" stroke-width="2"/>`,
      ...points.map(({ outcome, observed }, i) =>
        observed === null ? null : dot(placeOf(i), at(y(observed)), outcome === 'pass'),
      ),
    ].filter(one => one !== null),
  )
}

function dot(x: number, y: number, passed: boolean): Markup {
  return passed
    ? html`<circle class="f-blue" cx="${x}" cy="${y}" r="3.5" fill="${INK.blue}"/>`
    : html`<rect class="f-orange" x="${at(x - 4.5)}" y="${at(y - 4.5)}" width="9" height="9" fill="${INK.orange}"/>`
}
