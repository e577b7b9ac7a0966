import type { Result } from '../../src/contract/result.ts'
import { attackSection } from './attack-section.ts'
import { gateSection } from './gate-section.ts'
import { loadSection } from './load-section.ts'
import { html, jsonElement, type Markup, ownElement } from './markup.ts'
import { runSection } from './run-section.ts'
import { STYLE } from './style.ts'
import type { TranscriptRoom } from './transcript.ts'
import { validitySection } from './validity-section.ts'
import { verdictSection } from './verdict-section.ts'

/** Nothing is fetched and nothing is sent; styles and the one script are in the page. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/** Saves the embedded document and opens what is folded when printing or when a link points into it. The page is complete without it. */
const SCRIPT = `
(function(){
var data=document.getElementById('result'),button=document.getElementById('save');
if(data&&button){button.hidden=false;button.addEventListener('click',function(){
var link=document.createElement('a');
link.href=URL.createObjectURL(new Blob([JSON.stringify(JSON.parse(data.textContent),null,2)],{type:'application/json'}));
link.download='result.json';link.click()})}
function reveal(){var part=document.getElementById(location.hash.slice(1));if(!part)return;
for(var at=part;at;at=at.parentElement)if(at.tagName==='DETAILS')at.open=true;
var inner=part.querySelector('details');if(inner)inner.open=true;part.scrollIntoView()}
addEventListener('hashchange',reveal);if(location.hash)reveal();
addEventListener('beforeprint',function(){document.querySelectorAll('details').forEach(function(part){part.open=true})});
})();
`

const SECTIONS = [
  { id: 'gates', title: 'Budgets' },
  { id: 'validity', title: 'Validity' },
  { id: 'load', title: 'Load' },
  { id: 'attacks', title: 'Attacks' },
  { id: 'run', title: 'Run' },
]

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
${verdictSection(result, SECTIONS)}<main>
${gateSection(result)}${validitySection(result)}${loadSection(result)}${attackSection(result, room)}${runSection(result)}</main>
<footer id="ended">
<p>${withData ? html`<button type="button" id="save" hidden>Save result.json</button>` : 'The result document is too large to be carried along; it lies beside this page as result.json.'}</p>
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
