import { FAULT_IDS } from '../../../src/contract/fault.ts'

/** The live page. Nothing from outside is in it: the script asks for everything and writes it as text. */
export const PAGE_DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>onetap mocks</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" type="module"></script>
</head>
<body>
<header><h1>onetap mocks</h1><p id="status" role="status">Not connected.</p></header>
<main>
<form id="login">
<label for="token">Control token</label>
<input id="token" type="password" autocomplete="off" required>
<button>Connect</button>
<p>It is printed when the mocks start, and is kept in this page's memory only.</p>
</form>
<div id="live" hidden>
<section aria-labelledby="faults-title">
<h2 id="faults-title">Faults</h2>
<table><thead><tr><th scope="col">Fault</th><th scope="col">Share of calls, %</th><th scope="col">In force</th></tr></thead>
<tbody id="faults">${FAULT_IDS.map(faultRow).join('')}</tbody></table>
<form id="latency">
<label for="latency-ms">Every answer takes, ms</label>
<input id="latency-ms" type="number" min="0" max="60000" value="0" required>
<button>Set</button> <span id="latency-now"></span>
</form>
</section>
<section aria-labelledby="people-title">
<h2 id="people-title">Subscribers and tokens</h2>
<form id="fresh">
<label for="carrier">Carrier</label> <select id="carrier"></select>
<button>Fresh subscriber</button>
</form>
<form id="mint">
<label for="number">Number</label> <input id="number" inputmode="numeric" pattern="[0-9]{11}" required>
<label for="provider">Provider</label> <select id="provider"></select>
<label for="purpose">Purpose</label> <select id="purpose"><option>login</option><option>verify</option></select>
<button>Issue token</button>
</form>
<table><thead><tr><th scope="col">Number</th><th scope="col">Carrier</th><th scope="col">Provider</th><th scope="col">App</th><th scope="col">Token</th></tr></thead>
<tbody id="tokens"></tbody></table>
</section>
<section aria-labelledby="journal-title">
<h2 id="journal-title">Journal</h2>
<p id="totals"></p>
<button id="reset" type="button">Reset the mocks</button>
<table><thead><tr><th scope="col">No.</th><th scope="col">Provider</th><th scope="col">Operation</th><th scope="col">Result</th><th scope="col">Fault</th><th scope="col">Took, ms</th><th scope="col">Token</th></tr></thead>
<tbody id="journal"></tbody></table>
</section>
</div>
</main>
</body>
</html>
`

function faultRow(id: string): string {
  return (
    `<tr><th scope="row">${id}</th>` +
    `<td><input id="share-${id}" type="number" min="0" max="100" step="any" value="100" aria-label="Share of ${id}, percent"></td>` +
    `<td><input id="fault-${id}" type="checkbox" aria-label="${id} in force"></td></tr>`
  )
}

export const PAGE_STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}
body{margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.3rem;margin:0}h2{font-size:1.05rem;margin:1.5rem 0 .5rem}
table{border-collapse:collapse;width:100%;margin:.5rem 0}
th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #8886;vertical-align:top;overflow-wrap:anywhere}
thead th{font-size:.85rem}tbody th{font-weight:400}
form{margin:.5rem 0}input,select,button{font:inherit;padding:.15rem .4rem}
input[type=number]{width:7rem}
[hidden]{display:none}
`
