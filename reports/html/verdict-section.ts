import type { Result } from '../../src/contract/result.ts'
import { duration, verdictSentence } from '../wording.ts'
import { anchorOf } from './anchor.ts'
import { html, type Markup } from './markup.ts'
import { sign } from './sign.ts'

/** More reasons than this hide the first; the rest fold away. */
const SHOWN_REASONS = 8

/** The verdict in word, shape and colour, who and when, and why, each reason a link to where it is shown. */
export function verdictSection(result: Result, sections: readonly { id: string; title: string }[]): Markup {
  const { verdict, reasons } = result
  return html`<header>
<div class="verdict ${verdict}">
<h1>${result.name}</h1>
<p class="word ${verdict}">${sign(verdict)}${verdict.toUpperCase()}</p>
${stoppedBanner(result)}<p>${verdictSentence(result)}</p>
<dl class="facts">${facts(result).map(([term, text]) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
<ul class="reasons">${reasons.slice(0, SHOWN_REASONS).map(reasonItem)}</ul>
${
  reasons.length > SHOWN_REASONS
    ? html`<details><summary>${reasons.length - SHOWN_REASONS} more reasons</summary><ul class="reasons">${reasons.slice(SHOWN_REASONS).map(reasonItem)}</ul></details>`
    : null
}</div>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
`
}

/** Figures of a run that was cut short look like any other's: said before them. */
function stoppedBanner({ ended }: Result): Markup | null {
  if (ended === undefined || ended === 'finished') return null
  const how = { interrupted: 'by Ctrl-C', terminated: 'from outside', failed: 'by trouble' }[ended]
  return html`<p class="stopped"><strong>STOPPED ${how}.</strong> What follows is what was measured until then.</p>
`
}

function reasonItem(reason: Result['reasons'][number]): Markup {
  return html`<li><a class="kind" href="#${anchorOf(reason.ref)}">${reason.code.replaceAll('_', ' ')}</a><span>${reason.text}</span></li>`
}

function facts(result: Result): [string, string][] {
  const { target, tool, time } = result
  const version = target.identity === null ? '' : ` ${target.identity.version}`
  return [
    ['exit code', String(result.exitCode)],
    ['target', `${target.name}${version}`],
    ['started', `${time.startedAt.slice(0, 19).replace('T', ' ')} UTC`],
    ['took', duration(time.durationMs)],
    ['engine', tool.engine ?? 'none'],
    ['seed', String(result.plan.seed)],
    ['run', result.id],
  ]
}
