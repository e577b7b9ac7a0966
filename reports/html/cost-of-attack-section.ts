import type { AttackCost, ReissueLevel } from '../../src/contract/figures.ts'
import type { Result } from '../../src/contract/result.ts'
import { milliseconds, number, percent } from '../wording.ts'
import { dataTable } from './figure.ts'
import { html, type Markup } from './markup.ts'

/** What an attack costs the owner and honest users; how long a former holder's credential lives on. Absent when neither was measured. */
export function levelSection({ attackCost, reissueLevel }: Result): Markup | null {
  if (attackCost === undefined && reissueLevel === undefined) return null
  return html`<section id="levels" aria-labelledby="levels-title">
<h2 id="levels-title">Cost of an attack, and reissued numbers</h2>
${attackCost === undefined ? null : cost(attackCost)}${reissueLevel === undefined ? null : level(reissueLevel)}</section>
`
}

function cost({ perForged, honest, victim }: AttackCost): Markup {
  return html`<h3 id="attackCost">What one forged request costs</h3>
${dataTable(
  {
    heads: ['forgery', 'requests', 'carrier calls each', 'billed each', 'messages each', 'work, ms', 'processor, ms'],
    rows: perForged.map(one => [
      one.kind,
      number(one.requests),
      ...[one.carrierCalls, one.billedCalls, one.messages].map(count =>
        one.requests === 0 ? '–' : number(count / one.requests),
      ),
      milliseconds(one.workMs),
      milliseconds(one.cpuMs),
    ]),
  },
  'cost of a forged request',
)}
<h3>Honest users while enemies send</h3>
${dataTable(
  {
    heads: ['enemies’ share', 'sent', 'granted', 'goodput, /s', 'p50, ms', 'p99, ms'],
    rows: honest.map(one => [
      percent(one.enemyShare),
      number(one.sent),
      percent(one.sent === 0 ? null : one.granted / one.sent),
      number(one.goodputPerSecond),
      milliseconds(one.p50Ms),
      milliseconds(one.p99Ms),
    ]),
  },
  'honest users under attack',
)}
<p>Can an enemy keep an owner out? <strong>${victim.state.replace('-', ' ')}</strong>, after ${number(victim.tries)} tries. ${victim.text}</p>
`
}

function level({ withinMs, series, unharmed }: ReissueLevel): Markup {
  return html`<h3 id="reissueLevel">A number that was given to somebody else</h3>
<p>From the carrier’s event to the last request that the former holder’s credential was good for; the target has ${milliseconds(withinMs)} ms.</p>
${dataTable(
  {
    heads: ['notices', 'numbers', 'p50, ms', 'p99, ms', 'longest, ms', 'still alive', 'watched, ms'],
    rows: series.map(one => [
      one.notices,
      number(one.lastAcceptedMs.length),
      milliseconds(one.p50Ms),
      milliseconds(one.p99Ms),
      milliseconds(one.lastAcceptedMs.at(-1)),
      number(one.stillAlive),
      milliseconds(one.watchedMs),
    ]),
  },
  'reissue as a service level',
)}
${
  unharmed.length === 0
    ? null
    : html`<p>${unharmed.map(one => `${one.kind === 'ported' ? 'Ported' : 'New SIM card'}: ${one.kept} of ${one.numbers} owners kept their sessions.`).join(' ')}</p>`
}
`
}
