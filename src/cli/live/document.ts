/** The live page of a run. Nothing from outside is in it: the script asks for the figures and writes them as text. */
export const LIVE_DOCUMENT = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>onetap live</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" type="module"></script>
</head>
<body>
<header><h1>onetap live</h1><p id="phase" role="status">Waiting for the run.</p></header>
<main>
<p id="figures"></p>
<section aria-labelledby="latency-title">
<h2 id="latency-title">Login latency, ms</h2>
<p class="keys"><span class="one">p50</span> <span class="two">p99</span> <span class="three">backend-added p99</span></p>
<svg id="latency" role="img" aria-labelledby="latency-title" viewBox="0 0 720 200"></svg>
</section>
<section aria-labelledby="rate-title">
<h2 id="rate-title">Arrivals per second</h2>
<p class="keys"><span class="one">offered</span> <span class="two">achieved</span></p>
<svg id="rate" role="img" aria-labelledby="rate-title" viewBox="0 0 720 200"></svg>
</section>
</main>
</body>
</html>
`

export const LIVE_STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif;--one:#0b62a4;--two:#b4430f;--three:#5d4a9c}
@media(prefers-color-scheme:dark){:root{--one:#6cb6f0;--two:#f0a06c;--three:#b9a5f5}}
body{margin:0 auto;max-width:60rem;padding:1rem}
h1{font-size:1.3rem;margin:0}h2{font-size:1.05rem;margin:1.5rem 0 0}
#figures{white-space:pre-line;font-variant-numeric:tabular-nums}
.keys{margin:0}.keys span{margin-right:1rem;font-weight:600}
.one{color:var(--one)}.two{color:var(--two)}.three{color:var(--three)}
svg{width:100%;height:auto;border-bottom:1px solid #8886}
svg path{fill:none;stroke:currentColor;stroke-width:1.5}svg .two{stroke-dasharray:6 2}svg .three{stroke-dasharray:2 2}
svg text{fill:currentColor;font-size:12px}
`
