import type { History, HistoryGroup, HistoryRun } from '../../src/contract/history.ts'
import { trendFigure } from './history-chart.ts'
import { html, type Markup, ownElement } from './markup.ts'
import { tag } from './sign.ts'
import { STYLE } from './style.ts'

/** No script is in it, so none may run. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** Where the report of a run lies, seen from the page: a relative address of our own making; undefined where there is none. */
export type LinkOf = (run: HistoryRun) => string | undefined

/** Many runs on one page: each gate's trend with its limits and changes of level, each run's outcome, what could not be read. */
export function renderHistory(history: History, linkOf: LinkOf): string {
  const { runs, groups, unread, olderRuns } = history
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${runs.length} runs</title>
${ownElement('style', STYLE)}
</head>
<body>
<header><h1>onetap</h1><p class="word">${runs.length === 1 ? '1 run' : `${runs.length} runs`}</p>
<p>Runs are on one line only where load, carriers, engine and target module were the same. A change of level is looked for by Pettitt’s test with shuffled orders; had nothing changed, a group of charts would name one in at most 5 % of cases. Machines that drift are not chance: read what else changed.</p>
<nav aria-label="Sections"><ul><li><a href="#runs">Runs</a></li>${groups.map((group, i) => html`<li><a href="#group-${i}">${group.name}</a></li>`)}${unread.length === 0 ? null : html`<li><a href="#unread">Not read</a></li>`}</ul></nav>
</header>
<main>
${groups.map(groupSection)}
<section id="runs" aria-labelledby="runs-title"><h2 id="runs-title">Runs</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Table of runs"><table class="stack">
<thead><tr><th scope="col">Outcome</th><th scope="col">Run</th><th scope="col">Started, UTC</th><th scope="col">What</th><th scope="col">Target</th><th scope="col">Engine</th></tr></thead>
<tbody>${runs.map(run => runRow(run, linkOf(run)))}</tbody></table></div>
${olderRuns === 0 ? null : html`<p class="soft">${olderRuns} older runs are not shown.</p>`}</section>
${unread.length === 0 ? null : html`<section id="unread" aria-labelledby="unread-title"><h2 id="unread-title">Not read</h2><ul>${unread.map(({ folder, why }) => html`<li><code>${folder}</code>: ${why}</li>`)}</ul></section>`}
</main>
</body>
</html>
`.text
}

function groupSection({ name, settingText, trends, runs }: HistoryGroup, index: number): Markup {
  return html`<section id="group-${index}" aria-labelledby="group-${index}-title"><h2 id="group-${index}-title">${name}</h2>
<p class="soft">${settingText}; ${runs.length === 1 ? '1 run' : `${runs.length} runs`}</p>
${trends.length === 0 ? html`<p>These runs were held against no budget.</p>` : trends.map((trend, i) => trendFigure(trend, `trend-${index}-${i}`))}</section>
`
}

function runRow(run: HistoryRun, link: string | undefined): Markup {
  const stopped = run.ended === 'finished' ? null : html` <span class="soft">(${run.ended})</span>`
  return html`<tr><td>${tag(run.verdict)}${stopped}</td><th scope="row" class="wide break">${link === undefined ? run.id : html`<a href="${link}">${run.id}</a>`}</th><td>${run.startedAt.slice(0, 19).replace('T', ' ')}</td><td class="wide break">${run.name}</td><td class="wide break">${run.target}</td><td>${run.engine ?? 'none'}</td></tr>
`
}
