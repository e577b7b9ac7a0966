import type { FaultWindow } from '../../src/contract/fault-windows.ts'
import { at, type Frame, INK, secondLabel } from './chart-frame.ts'
import { html, type Markup } from './markup.ts'

/** Times in which something went wrong at the carriers on purpose, shaded behind a chart over time. What was always so marks nothing. */
export function faultMarks(windows: readonly FaultWindow[], frame: Frame, x: (second: number) => number): Markup {
  const shown = windows.filter(window => !window.always)
  const floor = frame.height - frame.bottom
  return html`<g class="faults">${shown.map(({ name, fromMs, toMs }, i) => {
    const [left, right] = [x(fromMs / 1000), Math.min(x(toMs / 1000), frame.width - frame.right)]
    const labelled = shown.findIndex(other => other.name === name) === i
    return html`<rect class="f-sand" x="${at(left)}" y="${frame.top}" width="${at(Math.max(1, right - left))}" height="${floor - frame.top}" fill="${INK.sand}" fill-opacity="0.28"><title>${markText({ name, fromMs, toMs })}</title></rect><line class="s-ink" x1="${at(left)}" x2="${at(left)}" y1="${frame.top}" y2="${floor}" stroke="${INK.ink}" stroke-dasharray="1 3"/>${labelled ? html`<text class="f-ink" x="${at(left + 4)}" y="${frame.top + 12 + (i % 3) * 14}" font-size="12" fill="${INK.ink}">${name}</text>` : null}`
  })}</g>`
}

/** The same in words, for the caption; empty without marks. */
export function faultText(windows: readonly FaultWindow[]): string {
  const shown = windows.filter(window => !window.always)
  return shown.length === 0 ? '' : ` Shaded: ${shown.map(markText).join('; ')}.`
}

function markText({ name, fromMs, toMs }: Pick<FaultWindow, 'name' | 'fromMs' | 'toMs'>): string {
  return `${name} from ${secondLabel(Math.round(fromMs / 1000))} to ${secondLabel(Math.round(toMs / 1000))}`
}
