import type { LoadResult } from '../../src/contract/result.ts'
import { number, percent, STEP_TITLES, seriesTitle } from '../wording.ts'
import { secondLabel } from './chart-frame.ts'
import { dataTable } from './figure.ts'
import { html, type Markup } from './markup.ts'

/** What did not end as it should have, grouped by operation and how it ended, most first. */
export function errorGroups(load: LoadResult): Markup {
  const rows = groups(load)
  if (rows.length === 0)
    return html`<h3 id="errors">Errors</h3><p>No request of the load was refused, failed or left without a reply.</p>`
  return html`<h3 id="errors">Errors</h3>
${dataTable({ heads: ['operation', 'ended', 'count', 'of its requests', 'first', 'last'], words: 2, rows }, 'error groups')}
<p class="soft small">Refusals of honest users count as errors. “Carrier told to fail” is what the plan’s faults did: the backend passed it on. Times are known for logins.</p>`
}

function groups(load: LoadResult): string[][] {
  const bad = load.summaries.filter(one => one.outcome !== 'granted' && one.count > 0 && one.series !== 'backend_added')
  const login = load.logins?.[0] ?? 'oneTap'
  const rows = [...bad]
    .sort((a, b) => b.count - a.count)
    .map(one => {
      const all = load.summaries.filter(other => other.series === one.series).reduce((sum, other) => sum + other.count, 0)
      const times = one.series === login ? timesOf(load, one.outcome) : ['–', '–']
      return [seriesTitle(one.series), STEP_TITLES[one.outcome], number(one.count), percent(one.count / all), ...times]
    })
  const silent = load.transportErrors
  return silent === 0 ? rows : [...rows, ['any', 'no reply at all', number(silent), '–', '–', '–']]
}

function timesOf({ seconds }: LoadResult, outcome: 'granted' | 'refused' | 'failed' | 'carrier-failed'): [string, string] {
  const column = seconds[outcome === 'carrier-failed' ? 'carrierFailed' : outcome]
  const struck = seconds.second.filter((_, i) => (column[i] ?? 0) > 0)
  const [first, last] = [struck[0], struck.at(-1)]
  return first === undefined || last === undefined ? ['–', '–'] : [secondLabel(first), secondLabel(last)]
}
