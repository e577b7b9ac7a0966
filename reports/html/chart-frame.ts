import { html, type Markup } from './markup.ts'

/**
 * Colours of the light scheme as presentation attributes, so that a chart keeps them where inline styles are blocked; the classes
 * of the style sheet take over where they are not. Blue and orange are told apart by nearly all eyes; dashes and hatching repeat it.
 */
export const INK = {
  ink: '#1c1f23',
  soft: '#565d66',
  line: '#dfe1e4',
  card: '#ffffff',
  blue: '#0067a8',
  sky: '#4f9fd6',
  pale: '#a9cfea',
  orange: '#c65400',
  sand: '#e8a86b',
  violet: '#8a4f9e',
  grey: '#8b929a',
} as const
export type Ink = keyof typeof INK

/** Size of a chart and the room its axes need, in the units of its viewBox. */
export interface Frame {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

export const WIDE: Frame = { width: 960, height: 290, left: 64, right: 16, top: 14, bottom: 34 }
export const NARROW: Frame = { width: 400, height: 270, left: 52, right: 10, top: 14, bottom: 34 }
export const HALF: Frame = { width: 400, height: 280, left: 44, right: 14, top: 14, bottom: 40 }

export interface Tick {
  at: number
  label: string
}

/** The drawing surface. `label` is what a screen reader says in place of the picture. */
export function surface(frame: Frame, label: string, content: readonly Markup[], className = ''): Markup {
  return html`<svg class="${className}" viewBox="0 0 ${frame.width} ${frame.height}" role="img" aria-label="${label}" font-size="13">${content}</svg>`
}

/** Grid lines with their values at the left. */
export function valueAxis(frame: Frame, ticks: readonly Tick[]): Markup {
  const right = frame.width - frame.right
  return html`<g aria-hidden="true">${ticks.map(
    tick =>
      html`<line class="s-line" x1="${frame.left}" x2="${right}" y1="${at(tick.at)}" y2="${at(tick.at)}" stroke="${INK.line}"/><text class="f-soft" x="${frame.left - 8}" y="${at(tick.at + 4.5)}" text-anchor="end" fill="${INK.soft}">${tick.label}</text>`,
  )}</g>`
}

/** Values below the drawing. */
export function baseAxis(frame: Frame, ticks: readonly Tick[]): Markup {
  const y = frame.height - frame.bottom
  return html`<g aria-hidden="true"><line class="s-soft" x1="${frame.left}" x2="${frame.width - frame.right}" y1="${y}" y2="${y}" stroke="${INK.soft}"/>${ticks.map(
    tick =>
      html`<line class="s-soft" x1="${at(tick.at)}" x2="${at(tick.at)}" y1="${y}" y2="${y + 5}" stroke="${INK.soft}"/><text class="f-soft" x="${at(tick.at)}" y="${y + 20}" text-anchor="middle" fill="${INK.soft}">${tick.label}</text>`,
  )}</g>`
}

/** One decimal: finer is not seen and costs bytes. */
export function at(value: number): number {
  return Math.round(value * 10) / 10
}

/** 1, 2, 5, 10 … within the range: what a logarithmic axis is read by. At most `most` of them. */
export function logTicks(low: number, high: number, most: number): number[] {
  const steps = [[1, 2, 5], [1, 3], [1]]
  for (const mantissas of steps) {
    const found: number[] = []
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const mantissa of mantissas) {
        const value = mantissa * 10 ** power
        if (value >= low && value <= high) found.push(Number(value.toPrecision(1)))
      }
    }
    if (found.length <= most && found.length > 0) return found
  }
  return [low, high]
}

/** A number as a tick: no trailing zeros. */
export function tickLabel(value: number): string {
  return value >= 1000 && value % 1000 === 0 ? `${value / 1000}k` : String(Number(value.toPrecision(3)))
}

/** Milliseconds as a tick, in seconds from one second up. */
export function msLabel(ms: number): string {
  return ms >= 1000 ? `${Number((ms / 1000).toPrecision(3))} s` : `${Number(ms.toPrecision(3))} ms`
}

/** Seconds since the load began as a tick. */
export function secondLabel(second: number): string {
  if (second < 120) return `${second} s`
  const rest = second % 60
  return rest === 0 ? `${second / 60} min` : `${Math.floor(second / 60)}:${String(rest).padStart(2, '0')}`
}

/** Evenly placed whole seconds, from 0. */
export function secondTicks(seconds: number, most: number): number[] {
  const step = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800].find(size => seconds / size <= most) ?? 3600
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, i) => i * step)
}
