import {
  FAIL_CLOSED_ENEMIES,
  FAIL_CLOSED_LOADS,
  FAIL_CLOSED_TROUBLES,
  type FailClosedCell,
  type FailClosedMap,
  type FailClosedState,
} from '../../src/contract/figures.ts'
import type { Result } from '../../src/contract/result.ts'
import type { Outcome } from '../../src/contract/verdict.ts'
import { html, type Markup } from './markup.ts'
import { tag } from './sign.ts'

/** What enemies got while carriers or stores were in trouble: a cell may slow down, never open. Absent when it was not tried. */
export function failClosedSection({ failClosedMap: map }: Result): Markup | null {
  if (map === undefined) return null
  const columns = FAIL_CLOSED_LOADS.flatMap(load => FAIL_CLOSED_ENEMIES.map(enemy => ({ load, enemy })))
  return html`<section id="failClosedMap" aria-labelledby="fail-closed-title">
<h2 id="fail-closed-title">Fail-closed map</h2>
<p>${summary(map)}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Fail-closed map"><table class="map">
<thead><tr><th scope="col" rowspan="2">Trouble</th>${FAIL_CLOSED_LOADS.map(load => html`<th scope="colgroup" colspan="${FAIL_CLOSED_ENEMIES.length}">${load}</th>`)}</tr><tr>${columns.map(({ enemy }) => html`<th scope="col">${enemy}</th>`)}</tr></thead>
<tbody>${FAIL_CLOSED_TROUBLES.map(
    trouble => html`<tr><th scope="row">${trouble.replaceAll('-', ' ')}</th>${columns.map(({ load, enemy }) => cell(map.cells.find(one => one.trouble === trouble && one.load === load && one.enemy === enemy)))}</tr>
`,
  )}</tbody></table></div>
${reasons(map)}</section>
`
}

const SIGNS: Record<FailClosedState, Outcome> = {
  refused: 'pass',
  errored: 'pass',
  accepted: 'fail',
  inconclusive: 'inconclusive',
  'not-applicable': 'not-applicable',
}

function cell(one: FailClosedCell | undefined): Markup {
  if (one === undefined) return html`<td>${tag('not-applicable', 'not tried')}</td>`
  const counts = `${one.accepted} of ${one.tries} accepted${one.slowestMs === null ? '' : `, slowest ${Math.round(one.slowestMs)} ms`}`
  return html`<td>${tag(SIGNS[one.state], one.state.replace('-', ' '))}${one.tries === 0 ? null : html`<br><span class="soft small">${counts}</span>`}</td>`
}

function summary({ cells, load }: FailClosedMap): string {
  const open = cells.filter(one => one.state === 'accepted').length
  const shut = cells.filter(one => one.state === 'refused' || one.state === 'errored').length
  const unknown = cells.filter(one => one.state === 'inconclusive').length
  const beside =
    load === null
      ? ''
      : ` The loaded half ran beside ${Math.round(load.offeredPerSecond)} honest logins a second, ${Math.round(load.share * 100)} % of what the target managed.`
  return `${open === 0 ? 'No cell is open' : `${open} ${open === 1 ? 'cell is' : 'cells are'} open`}: ${shut} stayed shut, ${unknown} show nothing.${beside} “errored” is shut as well: the enemy got an error and no entry.`
}

function reasons({ cells }: FailClosedMap): Markup | null {
  const told = cells.filter(one => one.text !== '' && one.state !== 'refused' && one.state !== 'errored')
  if (told.length === 0) return null
  return html`<details><summary>Why ${told.length} cells are open or show nothing</summary><ul>${told.map(
    one =>
      html`<li class="break"><strong>${one.trouble.replaceAll('-', ' ')}, ${one.load}, ${one.enemy}</strong>: ${one.text}</li>`,
  )}</ul></details>
`
}
