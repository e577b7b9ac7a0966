import { exhaustive } from '../../src/contract/json.ts'
import type { Result } from '../../src/contract/result.ts'
import { html, type Markup } from './markup.ts'
import { tag } from './sign.ts'

/** Was the evidence worth judging? Stands above every chart, for a chart of unfit evidence persuades as well as any other. */
export function validitySection(result: Result): Markup {
  const { checks, outcome } = result.validity
  const open = outcome === 'inconclusive'
  const failed = checks.filter(check => check.outcome === 'inconclusive').length
  return html`<section id="validity" aria-labelledby="validity-title">
<h2 id="validity-title">Validity</h2>
<p>${summary(outcome, failed, checks.length)}</p>
${open ? table(result) : html`<details><summary>Show the ${checks.length} checks</summary>${table(result)}</details>`}
</section>
`
}

function summary(outcome: Result['validity']['outcome'], failed: number, all: number): string {
  switch (outcome) {
    case 'pass':
      return 'The evidence may be judged: the generator, the mock carriers and the target did what the figures take for granted.'
    case 'inconclusive':
      return `${failed} of ${all} checks did not hold. What rests on them is not judged, however good or bad it looks.`
    case 'not-applicable':
      return 'No load was planned, so there is no load evidence to check.'
    default:
      return exhaustive(outcome)
  }
}

function table(result: Result): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Validity checks"><table class="stack">
<thead><tr><th scope="col">Outcome</th><th scope="col">Check</th><th scope="col">Observed</th><th scope="col">Limit</th><th scope="col">Meaning</th></tr></thead>
<tbody>${result.validity.checks.map(
    (
      check,
      i,
    ) => html`<tr id="validity-checks-${i}"><td>${tag(check.outcome)}</td><th scope="row">${check.id}</th><td class="break" data-label="Observed">${check.observed}</td><td class="break" data-label="Limit">${check.limit}</td><td class="wide">${check.text}</td></tr>
`,
  )}</tbody></table></div>`
}
