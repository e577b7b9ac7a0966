import { boundText } from '../../src/contract/figures.ts'
import { acceptanceText, type SuppressionResult } from '../../src/contract/finding.ts'
import type { JournalRow } from '../../src/contract/journal.ts'
import type { AttackResult, Result } from '../../src/contract/result.ts'
import { scriptName } from '../curl/finding-script.ts'
import { number, replayLine } from '../wording.ts'
import { html, type Markup } from './markup.ts'
import { numberLife } from './number-life.ts'
import { tag } from './sign.ts'
import { type TranscriptRoom, transcript } from './transcript.ts'

/** What was tried and what came of it: those that got in and, as much needed by a reviewer, those that did not. */
export function attackSection(result: Result, room: TranscriptRoom): Markup {
  const { attacks } = result
  return html`<section id="attacks" aria-labelledby="attacks-title">
<h2 id="attacks-title">Attacks</h2>
${
  attacks.length === 0
    ? html`<p>${result.plan.attack === null ? 'The plan asks for no attack.' : 'The plan asks for attacks and none is known.'}</p>`
    : html`<p>${summary(attacks)}</p>
<p id="filter-row" hidden><label>Filter <input type="search" id="filter" size="40" placeholder="outcome:fail sev:high !replay" autocomplete="off" spellcheck="false"></label> <span id="filter-count" class="soft small" role="status"></span></p>
<div class="scroll" tabindex="0" role="region" aria-label="Attacks"><table class="stack attacks">
<thead><tr><th scope="col">Outcome</th><th scope="col">Attack</th><th scope="col">Severity</th><th scope="col">What came of it</th></tr></thead>
${attacks.map((attack, i) => rows(attack, i, room))}</table></div>`
}
${suppressionTable(result.suppressions ?? [])}</section>
`
}

function summary(attacks: readonly AttackResult[]): string {
  const count = (outcome: AttackResult['outcome']): number => attacks.filter(attack => attack.outcome === outcome).length
  const accepted = attacks.filter(({ finding }) => finding !== undefined && finding.standing.kind !== 'counts').length
  const parts = [
    `${count('fail')} of ${attacks.length} got in${accepted === 0 ? '' : ` (${accepted} accepted)`}`,
    `${count('pass')} were withstood`,
    ...(count('inconclusive') + count('error') > 0 ? [`${count('inconclusive') + count('error')} came to no verdict`] : []),
    ...(count('not-applicable') > 0 ? [`${count('not-applicable')} do not apply to this target`] : []),
  ]
  return `${parts.join(', ')}. Each was run between two honest logins; a refusal counts only where honest users get in.`
}

function rows(attack: AttackResult, index: number, room: TranscriptRoom): Markup {
  return html`<tbody id="attacks-${index}" class="attack" data-filter="${filterText(attack)}">
<tr${attack.finding === undefined || !/^f-[0-9a-f]+$/.test(attack.finding.id) ? null : html` id="${attack.finding.id}"`}><td>${tag(attack.outcome)}</td><th scope="row"><code>${attack.id}</code></th><td data-label="Severity">${attack.severity}</td><td class="claim break">${attack.claim}${acceptance(attack)}</td></tr>
<tr><td colspan="4"><details><summary>${attack.title}</summary>${evidence(attack, room)}</details></td></tr>
</tbody>
`
}

/** What the filter of the page looks through: words with a prefix, and the words of the row. */
function filterText(attack: AttackResult): string {
  const standing = attack.finding?.standing.kind ?? ''
  return [
    `outcome:${attack.outcome}`,
    `sev:${attack.severity}`,
    `family:${attack.family}`,
    ...attack.cwe.map(cwe => `cwe:${cwe}`),
    ...(standing === '' || standing === 'counts' ? [] : ['accepted']),
    attack.id,
    attack.title,
    attack.claim,
  ]
    .join(' ')
    .toLowerCase()
    .slice(0, 600)
}

/** What clean rounds of a race prove. */
function bounds({ judgement }: AttackResult): Markup | null {
  const figures = judgement?.figures
  if (figures?.kind !== 'race-bound') return null
  return html`<ul>${figures.races.map(race => html`<li>${boundText(race)}</li>`)}</ul>`
}

function acceptance({ finding }: AttackResult): Markup | null {
  const text = finding === undefined ? undefined : acceptanceText(finding.standing)
  return text === undefined ? null : html` <strong class="break">${text}</strong>`
}

/** What the plan suppresses and what became of it: one that ran out or covers nothing is to be seen. */
function suppressionTable(suppressions: readonly SuppressionResult[]): Markup | null {
  if (suppressions.length === 0) return null
  return html`<h3 id="suppressions">Suppressions</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Suppressions"><table class="suppressions">
<thead><tr><th scope="col">Finding or attack</th><th scope="col">State</th><th scope="col">Until</th><th scope="col">Reason</th><th scope="col">Owner</th></tr></thead>
<tbody>${suppressions.map(
    one => html`<tr><th scope="row"><code>${one.id}</code></th><td>${one.state.replace('-', ' ')}</td><td>${one.until}</td><td class="break">${one.reason}</td><td class="break">${one.owner ?? '–'}</td></tr>
`,
  )}</tbody></table></div>
`
}

function evidence(attack: AttackResult, room: TranscriptRoom): Markup {
  const { judgement, control } = attack
  const proof = judgement?.proof
  const list = (title: string, text: string | undefined | null): Markup | null =>
    text === undefined || text === null || text === '' ? null : html`<dt>${title}</dt><dd>${text}</dd>`
  return html`<div class="evidence"><p>${attack.about}</p>
<dl>${list('Expected', judgement?.expected)}${list('Observed', judgement?.observed)}${proof === undefined ? null : list(`Proof (${proof.kind})`, `${proof.text}${where(proof.exchanges, proof.journal)}`)}${list('Attacker has', attack.has)}${list('Honest login', controlText(control))}${list('Weakness', attack.cwe.map(cwe => `CWE-${cwe}`).join(', '))}${list('ASVS 5.0', attack.asvs.join(', '))}${list('OWASP API 2023', attack.api2023.join(', '))}${again(attack)}<dt>Run it again</dt><dd><code>${attack.reproduce}</code></dd>${list('Cost', `${number(attack.requests)} requests, ${number(Math.round(attack.durationMs))} ms`)}</dl>
${numberLife(attack)}${bounds(attack)}${journal(attack.journal)}${transcript(attack.transcript, room)}</div>`
}

function again({ finding }: AttackResult): Markup | null {
  if (finding === undefined) return null
  return html`<dt>Finding</dt><dd><code>${finding.id}</code></dd><dt>Replay it</dt><dd><code>${replayLine(finding)}</code></dd><dt>By hand</dt><dd><code>sh ${scriptName(finding)}</code></dd>`
}

function where(exchanges: readonly number[], rows: readonly number[]): string {
  const parts = [
    ...(exchanges.length > 0 ? [`exchange ${exchanges.join(', ')}`] : []),
    ...(rows.length > 0 ? [`carrier journal ${rows.join(', ')}`] : []),
  ]
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}

function controlText({ before, after }: AttackResult['control']): string {
  if (before === null && after === null) return 'held before and after'
  return [
    before === null ? 'held before' : `failed before: ${before}`,
    after === null ? 'held after' : `failed after: ${after}`,
  ].join('; ')
}

const MOST_JOURNAL_ROWS = 40

function journal(rows: readonly JournalRow[]): Markup | null {
  if (rows.length === 0) return null
  const shown = rows.slice(0, MOST_JOURNAL_ROWS)
  return html`<details><summary>Calls the carriers saw (${rows.length})</summary><div class="scroll" tabindex="0" role="region" aria-label="Carrier journal"><table>
<thead><tr><th scope="col">No.</th><th scope="col">Carrier</th><th scope="col">Operation</th><th scope="col">Token</th><th scope="col">Signature</th><th scope="col">Answer</th><th scope="col">Number given out</th></tr></thead>
<tbody>${shown.map(
    row => html`<tr><td>${row.seq}</td><td>${row.provider}</td><td>${row.operation}</td><td class="break">${row.token} (${row.tokenKind})</td><td>${row.signature}</td><td>${row.httpStatus} ${row.resultCode}</td><td>${row.redeemed ? 'yes' : 'no'}</td></tr>
`,
  )}</tbody></table></div>${rows.length > shown.length ? html`<p class="soft">${rows.length - shown.length} more calls are left out so that this page stays small; result.json holds them.</p>` : null}</details>`
}
