import { exhaustive } from '../../src/contract/json.ts'
import type { Outcome } from '../../src/contract/verdict.ts'
import { html, type Markup } from './markup.ts'

const COLOURS: Record<Outcome, string> = {
  pass: '#0a6e5c',
  fail: '#b3340a',
  inconclusive: '#7a5600',
  error: '#7d2f78',
  'not-applicable': '#565d66',
}

/** The sign of an outcome: disc, octagon, triangle, diamond and dash differ in outline, so that colour says nothing alone. */
export function sign(outcome: Outcome): Markup {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">${outline(outcome)}</svg>`
}

/** Sign and word; a word of its own where the outcome's would mislead. */
export function tag(outcome: Outcome, word: string = outcome.replace('-', ' ')): Markup {
  return html`<span class="tag ${outcome}">${sign(outcome)}${word}</span>`
}

function outline(outcome: Outcome): Markup {
  const colour = COLOURS[outcome]
  const shape = (d: string): Markup => html`<path class="o-${outcome}" fill="${colour}" d="${d}"/>`
  const mark = (d: string): Markup =>
    html`<path class="s-card" d="${d}" fill="none" stroke="#ffffff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>`
  switch (outcome) {
    case 'pass':
      return html`${shape('M12 1a11 11 0 1 0 0 22a11 11 0 1 0 0-22z')}${mark('M7 12.5l3.4 3.4L17 9')}`
    case 'fail':
      return html`${shape('M7.6 1h8.8L23 7.6v8.8L16.4 23H7.6L1 16.4V7.6z')}${mark('M8.2 8.2l7.6 7.6M15.8 8.2l-7.6 7.6')}`
    case 'inconclusive':
      return html`${shape('M12 1.5L23.5 22H.5z')}${mark('M9.9 11.3a2.2 2.2 0 1 1 3.2 2c-.8.4-1.1.8-1.1 1.6M12 18.6v.1')}`
    case 'error':
      return html`${shape('M12 .5L23.5 12L12 23.5L.5 12z')}${mark('M12 6.8v6M12 16.8v.1')}`
    case 'not-applicable':
      return html`${shape('M3 10.2h18v3.6H3z')}`
    default:
      return exhaustive(outcome)
  }
}
