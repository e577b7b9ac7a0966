import type { Result } from '../../src/contract/result.ts'
import { OPERATION_IDS, type OperationId } from '../../src/contract/target.ts'
import { number } from '../wording.ts'
import { html, type Markup } from './markup.ts'
import { tag } from './sign.ts'

/** Which operations of the target the run called at all: what was never called is not known to hold. */
export function coverageSection(result: Result): Markup {
  const rows = OPERATION_IDS.map(op => rowOf(op, result)).filter(row => row.there || row.load + row.attacks > 0)
  const idle = rows.filter(row => row.load + row.attacks === 0)
  return html`<section id="coverage" aria-labelledby="coverage-title">
<h2 id="coverage-title">Coverage</h2>
<p>${
    result.plan.source === undefined
      ? 'The operations that the run called; which others the target has was not noted.'
      : idle.length === 0
        ? 'Every operation of the target module was called.'
        : `${idle.length} of ${rows.length} operations of the target module were never called: ${idle.map(row => row.op).join(', ')}. Nothing is known of them.`
  } Only attacks that keep a transcript are counted.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Coverage of operations"><table class="stack">
<thead><tr><th scope="col">Operation</th><th scope="col">Called</th><th scope="col" class="n">By the load</th><th scope="col" class="n">By attacks</th><th scope="col">Attacks</th></tr></thead>
<tbody>${rows.map(
    row => html`<tr><th scope="row">${row.op}</th><td>${row.load + row.attacks > 0 ? tag('pass', 'called') : tag('inconclusive', 'never')}</td><td class="n" data-label="Load">${number(row.load)}</td><td class="n" data-label="Attacks">${number(row.attacks)}</td><td class="break soft small">${row.ids.join(', ')}</td></tr>
`,
  )}</tbody></table></div>
${families(result)}</section>
`
}

interface Row {
  op: OperationId
  there: boolean
  load: number
  attacks: number
  ids: string[]
}

function rowOf(op: OperationId, { plan, load, attacks }: Result): Row {
  const by = attacks
    .map(attack => ({ id: attack.id, calls: attack.transcript.filter(entry => entry.op === op).length }))
    .filter(({ calls }) => calls > 0)
  return {
    op,
    there: plan.source?.target.lines[op] !== undefined,
    load: (load?.summaries ?? []).filter(one => one.series === op).reduce((sum, one) => sum + one.count, 0),
    attacks: by.reduce((sum, { calls }) => sum + calls, 0),
    ids: by.map(({ id }) => id),
  }
}

/** Attacks that do not apply leave something untested, and say why. */
function families({ attacks }: Result): Markup | null {
  const idle = attacks.filter(({ outcome }) => outcome === 'not-applicable')
  if (idle.length === 0) return null
  return html`<details><summary>${idle.length} attacks that do not apply to this target</summary><ul>${idle.map(({ id, claim }) => html`<li class="break"><code>${id}</code> ${claim}</li>`)}</ul></details>`
}
