import type { Ink } from './chart-frame.ts'
import { INK } from './chart-frame.ts'
import { html, type Markup } from './markup.ts'

/** A table behind a picture. Cells are text already formatted; the first column heads its row. */
export interface DataTable {
  heads: readonly string[]
  rows: readonly (readonly string[])[]
  /** Columns of words from the left, default 1; the rest are figures and stand at the right. */
  words?: number
  /** Printed under the table: what was left out, and why. */
  note?: string
}

export interface FigureParts {
  id: string
  /** What the picture shows, as a finding: it must be true of these data. */
  finding: string
  /** How to read it. */
  help: string
  drawing: Markup
  legend: readonly LegendEntry[]
  data: DataTable
}

export interface LegendEntry {
  label: string
  ink: Ink
  kind: 'line' | 'area' | 'hatch'
  dash?: string
  width?: number
}

/** A chart for everyone: the finding in words, the picture, and its figures behind it. */
export function chartFigure(parts: FigureParts): Markup {
  return html`<figure id="${parts.id}">
<figcaption><strong>${parts.finding}</strong><span>${parts.help}</span></figcaption>
${parts.drawing}
<ul class="legend">${parts.legend.map(entry => html`<li>${swatch(entry)}${entry.label}</li>`)}</ul>
<details><summary>Show the figures</summary>${dataTable(parts.data, parts.finding)}</details>
</figure>
`
}

export function dataTable({ heads, rows, words = 1, note }: DataTable, label: string): Markup {
  const side = (column: number): string => (column < words ? '' : 'n')
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${`Figures: ${label}`}"><table class="${heads.length < 3 ? 'slim' : ''}">
<thead><tr>${heads.map((head, i) => html`<th scope="col" class="${side(i)}">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    row => html`<tr>${row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${side(i)}">${cell}</td>`))}</tr>
`,
  )}</tbody></table></div>${note === undefined ? null : html`<p class="soft small">${note}</p>`}`
}

function swatch({ ink, kind, dash, width }: LegendEntry): Markup {
  const content =
    kind === 'line'
      ? html`<line class="s-${ink}" x1="1" x2="27" y1="6" y2="6" stroke="${INK[ink]}" stroke-width="${width ?? 2}" stroke-dasharray="${dash ?? 'none'}"/>`
      : kind === 'area'
        ? html`<rect class="f-${ink}" x="4" y="0" width="20" height="12" fill="${INK[ink]}"/>`
        : html`<rect class="s-${ink}" x="4.5" y="0.5" width="19" height="11" fill="none" stroke="${INK[ink]}"/><path class="s-${ink}" d="M5 9l7-8M9 12l9-11M16 12l7-8" stroke="${INK[ink]}" stroke-width="1.5"/>`
  return html`<svg viewBox="0 0 28 12" aria-hidden="true" focusable="false">${content}</svg>`
}
