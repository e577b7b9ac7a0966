import type { Gate, Result } from '../../src/contract/result.ts'
import { gateFigure, number } from '../wording.ts'
import { INK } from './chart-frame.ts'
import { html, type Markup } from './markup.ts'
import { tag } from './sign.ts'

/** One row a budget: what was asked, what was seen, how much room was left. */
export function gateSection(result: Result): Markup {
  const { gates } = result
  return html`<section id="gates" aria-labelledby="gates-title">
<h2 id="gates-title">Budgets</h2>
${
  gates.length === 0
    ? html`<p>The plan sets no budget.</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="Budgets"><table class="stack">
<thead><tr><th scope="col">Outcome</th><th scope="col">Budget</th><th scope="col" class="n">Observed</th><th scope="col">Against the limit</th><th scope="col" class="n">Samples</th><th scope="col">What it rests on</th></tr></thead>
<tbody>${gates.map(row)}</tbody></table></div>`
}
</section>
`
}

function row(gate: Gate, index: number): Markup {
  const error = gate.figureError === 0 ? '' : ` ± ${(gate.figureError * 100).toFixed(1)} %`
  return html`<tr id="gates-${index}"><td>${tag(gate.outcome)}</td><th scope="row">${gate.title}</th><td class="n" data-label="Observed">${gateFigure(gate.observed, gate.unit)}${error}</td><td>${meter(gate)}</td><td class="n" data-label="Samples">${number(gate.samples)} <span class="soft">(≥ ${number(gate.minSamples)})</span></td><td class="wide">${gate.text}</td></tr>
`
}

/** A bar up to the observed figure; the limit is the upright stroke at two thirds. Beyond one and a half limits the bar is cut. */
function meter({ observed, limit, unit, outcome }: Gate): Markup | null {
  if (observed === null || limit === null || limit <= 0 || unit === 'attacks') return null
  const ratio = Math.min(1.5, observed / limit)
  const label = `${Math.round((observed / limit) * 100)} % of the limit`
  const over = outcome === 'fail'
  return html`<svg class="meter" viewBox="0 0 120 16" role="img" aria-label="${label}"><rect class="f-line" x="0" y="5" width="120" height="6" fill="${INK.line}"/><rect class="${over ? 'f-orange' : 'f-blue'}" x="0" y="${over ? 3 : 5}" width="${Math.max(1, Math.round(ratio * 80))}" height="${over ? 10 : 6}" fill="${over ? INK.orange : INK.blue}"/><line class="s-ink" x1="80" x2="80" y1="0" y2="16" stroke="${INK.ink}" stroke-width="2"/></svg>`
}
