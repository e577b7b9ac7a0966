import type { Result } from '../../src/contract/result.ts'
import { attackSection } from './attack-section.ts'
import { levelSection } from './cost-of-attack-section.ts'
import { coverageSection } from './coverage-section.ts'
import { failClosedSection } from './fail-closed-section.ts'
import { gateSection } from './gate-section.ts'
import { loadSection } from './load-section.ts'
import { html, jsonElement, type Markup, ownElement } from './markup.ts'
import { runSection } from './run-section.ts'
import { SCRIPT } from './script.ts'
import { STYLE } from './style.ts'
import type { TranscriptRoom } from './transcript.ts'
import { validitySection } from './validity-section.ts'
import { verdictSection } from './verdict-section.ts'

/** Nothing is fetched and nothing is sent; styles and the one script are in the page. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

const SECTIONS = [
  { id: 'gates', title: 'Budgets' },
  { id: 'validity', title: 'Validity' },
  { id: 'load', title: 'Load' },
  { id: 'attacks', title: 'Attacks' },
  { id: 'failClosedMap', title: 'Fail-closed map' },
  { id: 'levels', title: 'Cost and reissue' },
  { id: 'coverage', title: 'Coverage' },
  { id: 'run', title: 'Run' },
]

/** Sections that are left out where the run measured nothing of theirs. */
function sectionsOf({ failClosedMap, attackCost, reissueLevel }: Result): typeof SECTIONS {
  const absent = [
    ...(failClosedMap === undefined ? ['failClosedMap'] : []),
    ...(attackCost === undefined && reissueLevel === undefined ? ['levels'] : []),
  ]
  return SECTIONS.filter(({ id }) => !absent.includes(id))
}

/** The whole page. `withData`: carry the result document along, for the button that saves it. */
export function page(result: Result, room: TranscriptRoom, withData: boolean): Markup {
  return html`${DOCTYPE}<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${result.verdict.toUpperCase()}: ${result.name}</title>
${ownElement('style', STYLE)}
</head>
<body>
<a class="skip" href="#gates">Skip to the budgets</a>
${verdictSection(result, sectionsOf(result))}<main>
${gateSection(result)}${validitySection(result)}${loadSection(result)}${attackSection(result, room)}${failClosedSection(result)}${levelSection(result)}${coverageSection(result)}${runSection(result)}</main>
<footer id="ended">
<p><button type="button" id="scheme" hidden>Colours: auto</button> ${withData ? html`<button type="button" id="save" hidden>Save result.json</button>` : 'The result document is too large to be carried along; it lies beside this page as result.json.'}</p>
<details id="keys"><summary>Keys</summary><p><kbd>/</kbd> filters attacks, <kbd>j</kbd> and <kbd>k</kbd> go from one to the next, <kbd>?</kbd> shows this. In a chart over time: drag or <kbd>+</kbd> to look closer, <kbd>←</kbd> <kbd>→</kbd> to move, <kbd>0</kbd> for all.</p></details>
<p>Every figure and word here comes from one result document. Text that came from the target is shown as it was received, characters that cannot be seen by their number.</p>
</footer>
${withData ? jsonElement('result', result) : null}
${ownElement('script', SCRIPT)}
</body>
</html>
`
}

const DOCTYPE = html`<!doctype html>
`
