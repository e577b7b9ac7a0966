const DARK = `--paper:#131518;--card:#1a1d21;--ink:#e7e9ec;--soft:#a3abb5;--line:#343a42;--hair:#262b31;--link:#79b8f3;
--pass:#5fd0b4;--pass-bg:#12302a;--fail:#ff9166;--fail-bg:#3a1d12;--inconclusive:#ecc255;--inconclusive-bg:#352a0e;
--error:#e29bdc;--error-bg:#35193a;--not-applicable:#a3abb5;--not-applicable-bg:#262b31;
--blue:#6bb5ee;--sky:#4a8fc4;--pale:#2f5f86;--orange:#f59a4c;--sand:#8d5a2b;--violet:#c796d8;--grey:#7d858e`

/** The page's one style sheet. System fonts, figures in columns, both colour schemes, print; the page also reads well without it. */
export const STYLE = `
:root{color-scheme:light dark;
--paper:#fbfbfa;--card:#fff;--ink:#1c1f23;--soft:#565d66;--line:#dfe1e4;--hair:#eceef0;--link:#0b5cad;
--pass:#0a6e5c;--pass-bg:#e5f3ef;--fail:#b3340a;--fail-bg:#fbebe4;--inconclusive:#7a5600;--inconclusive-bg:#fbf3dc;
--error:#7d2f78;--error-bg:#f6e9f5;--not-applicable:#565d66;--not-applicable-bg:#eff0f2;
--blue:#0067a8;--sky:#4f9fd6;--pale:#a9cfea;--orange:#c65400;--sand:#e8a86b;--violet:#8a4f9e;--grey:#8b929a}
@media (prefers-color-scheme:dark){:root:not([data-scheme=light]){${DARK}}}
:root[data-scheme=dark]{color-scheme:dark;${DARK}}
:root[data-scheme=light]{color-scheme:light}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
font-variant-numeric:tabular-nums}
main,header,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
h1,h2,h3{line-height:1.25;font-weight:600;letter-spacing:-.01em;margin:0}
h1{font-size:1.05rem;font-weight:500;color:var(--soft);letter-spacing:0}
h2{font-size:1.35rem;margin:3.5rem 0 1rem}
h3{font-size:1rem;margin:2rem 0 .6rem}
p{margin:.5rem 0;max-width:46rem}
h1,h2,p,li,dd,summary,figcaption{overflow-wrap:anywhere}
a{color:var(--link);text-underline-offset:.2em}
svg:focus-visible,input:focus-visible,a:focus-visible,summary:focus-visible,button:focus-visible,.scroll:focus-visible{outline:2px solid var(--link);outline-offset:3px}
code,pre{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace}
pre{margin:.4rem 0 0;padding:.75rem .9rem;background:var(--hair);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
.soft{color:var(--soft)}.small{font-size:.875rem}
.break{overflow-wrap:anywhere}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);padding:.5rem 1rem;z-index:1}

.verdict{margin-top:2.5rem;padding:1.75rem 1.75rem 1.5rem;border-radius:12px;border:1px solid var(--line);border-left-width:8px;background:var(--card)}
.verdict.pass{border-left-color:var(--pass)}.verdict.fail{border-left-color:var(--fail)}
.verdict.inconclusive{border-left-color:var(--inconclusive);border-left-style:double}.verdict.error{border-left-color:var(--error);border-left-style:dashed}
.word{display:flex;align-items:center;gap:.85rem;font-size:2.15rem;font-weight:700;letter-spacing:-.02em;line-height:1.15;margin:.35rem 0 .35rem}
.word svg{width:2.4rem;height:2.4rem;flex:none}
.word.pass,.tag.pass{color:var(--pass)}.word.fail,.tag.fail{color:var(--fail)}
.word.inconclusive,.tag.inconclusive{color:var(--inconclusive)}.word.error,.tag.error{color:var(--error)}.tag.not-applicable{color:var(--not-applicable)}
.stopped{padding:.5rem .9rem;border:2px dashed var(--inconclusive);border-radius:6px;background:var(--inconclusive-bg);color:var(--ink)}
.facts{display:flex;flex-wrap:wrap;gap:.35rem 1.75rem;margin:1.1rem 0 0;font-size:.9rem}
.facts div{display:flex;gap:.5rem;min-width:0}.facts dt{color:var(--soft)}.facts dd{margin:0;overflow-wrap:anywhere}
.reasons{list-style:none;margin:1.25rem 0 0;padding:1rem 0 0;border-top:1px solid var(--hair);display:grid;grid-template-columns:fit-content(12rem) minmax(0,1fr);gap:.45rem .9rem}
.reasons li{display:grid;grid-column:1/-1;grid-template-columns:subgrid;align-items:baseline}
.reasons span{overflow-wrap:anywhere}
.kind{font-size:.72rem;letter-spacing:.06em;font-weight:600;color:var(--soft)}
nav{margin:1.25rem 0 0;font-size:.9rem}nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0;padding:0}

.tag{display:inline-flex;align-items:baseline;gap:.4rem;font-size:.85rem;font-weight:600;white-space:nowrap}
.tag svg{width:1.05rem;height:1.05rem;flex:none;align-self:center}
.scroll{overflow-x:auto;margin:0 0 .5rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{padding:.55rem .9rem .55rem 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--hair)}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:.8rem;font-weight:500;color:var(--soft);border-bottom-color:var(--line);white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:500}
table.slim{width:auto;min-width:20rem;max-width:100%}
td.n,th.n{text-align:right;white-space:nowrap}
td.wide,th.wide{min-width:11rem}td.wide{min-width:16rem}
tr:target,tbody:target{background:var(--hair)}
.meter{width:7.5rem;height:1rem;display:block}
details{margin:.35rem 0}
summary{cursor:pointer;color:var(--link);width:fit-content;max-width:100%;overflow-wrap:anywhere}
details[open]>summary{margin-bottom:.5rem}

figure{margin:1.5rem 0 0;padding:1.25rem 1.25rem 1rem;background:var(--card);border:1px solid var(--line);border-radius:10px;min-width:0}
figure svg{display:block;width:100%;height:auto;overflow:visible}
figcaption{margin-bottom:.9rem}figcaption strong{display:block;font-weight:600}figcaption span{color:var(--soft);font-size:.92rem}
figure svg text{font-family:inherit}
.narrow[hidden]{display:none}
.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:0 1.5rem}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;padding:0;margin:.6rem 0 0;font-size:.83rem;color:var(--soft)}
.legend li{display:flex;align-items:center;gap:.45rem}.legend svg{width:1.75rem;height:.75rem;flex:none}
figure details{font-size:.88rem;margin-top:.7rem}
.s-ink{stroke:var(--ink)}.s-soft{stroke:var(--soft)}.s-line{stroke:var(--line)}.s-card{stroke:var(--card)}
.s-grey{stroke:var(--grey)}.s-blue{stroke:var(--blue)}.s-sky{stroke:var(--sky)}.s-orange{stroke:var(--orange)}.s-violet{stroke:var(--violet)}
.f-ink{fill:var(--ink)}.f-soft{fill:var(--soft)}.f-card{fill:var(--card)}.f-line{fill:var(--line)}
.f-blue{fill:var(--blue)}.f-sky{fill:var(--sky)}.f-pale{fill:var(--pale)}.f-orange{fill:var(--orange)}.f-sand{fill:var(--sand)}.f-violet{fill:var(--violet)}.f-grey{fill:var(--grey)}
.o-pass{fill:var(--pass)}.o-fail{fill:var(--fail)}.o-inconclusive{fill:var(--inconclusive)}.o-error{fill:var(--error)}.o-not-applicable{fill:var(--not-applicable)}

.attacks tbody>tr:first-child>*{border-bottom:0;padding-bottom:.15rem}
.attacks tbody>tr:last-child>*{padding-top:0;padding-bottom:.9rem}
.attacks .claim{min-width:14rem}
.evidence{padding:.25rem 0 .75rem 1.1rem;border-left:2px solid var(--line);min-width:0}
.evidence dl{display:grid;grid-template-columns:8.5rem minmax(0,1fr);gap:.4rem 1rem;margin:.4rem 0 1rem}
.evidence dt{color:var(--soft)}.evidence dd{margin:0;overflow-wrap:anywhere}
.exchange{margin:.9rem 0}.exchange h4{font-size:.9rem;font-weight:600;margin:0;overflow-wrap:anywhere}
.sides{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}
.run dl{display:grid;grid-template-columns:10rem minmax(0,1fr);gap:.35rem 1rem;font-size:.92rem;margin:0}
.run dt{color:var(--soft)}.run dd{margin:0;overflow-wrap:anywhere}
input[type=search]{font:inherit;padding:.35rem .6rem;border:1px solid var(--line);border-radius:6px;background:var(--card);color:var(--ink);max-width:100%}
kbd{font:.85em ui-monospace,monospace;border:1px solid var(--line);border-radius:4px;padding:0 .35em}
.map td,.map th{vertical-align:top}.map thead th{white-space:normal}.zoomable{touch-action:pan-y;cursor:crosshair}
button{font:inherit;font-size:.9rem;padding:.4rem .9rem;border:1px solid var(--line);border-radius:6px;background:var(--card);color:var(--link);cursor:pointer}
footer{margin-top:4rem;padding-bottom:3rem;color:var(--soft);font-size:.85rem}

@media (max-width:56rem){.pair{grid-template-columns:minmax(0,1fr);gap:0}.pair figure{max-width:36rem}}
@media (max-width:44rem){
body{font-size:15px}main,header,footer{padding:0 1rem}h2{margin-top:2.75rem}
.verdict{margin-top:1rem;padding:1.1rem 1.1rem 1rem}.word{font-size:1.7rem}.word svg{width:1.9rem;height:1.9rem}
.reasons{grid-template-columns:minmax(0,1fr)}.reasons li{grid-template-columns:minmax(0,1fr);gap:0}
figure{padding:1rem .9rem .8rem}
.wide-chart{display:none!important}.narrow-chart[hidden]{display:block}.narrow-chart{max-width:32rem}
.sides,.evidence dl,.run dl{grid-template-columns:minmax(0,1fr)}.evidence dl,.run dl{gap:0}.evidence dd,.run dd{margin-bottom:.5rem}
.stack thead{position:absolute;left:-99rem}
.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block;width:100%;border:0;padding:0;text-align:left;min-width:0;white-space:normal}
.stack tr{padding:.7rem 0;border-bottom:1px solid var(--hair)}
.stack th,.stack td{overflow-wrap:anywhere}.stack th[scope=row]{font-weight:600}
.stack td[data-label]::before{content:attr(data-label) " ";color:var(--soft)}
.attacks tbody>tr:first-child{border-bottom:0;padding-bottom:.1rem}
.attacks tbody>tr:last-child{padding-top:.1rem}}
@media print{
:root{--paper:#fff;--card:#fff}body{font-size:11pt}main,header,footer{max-width:none}
details::details-content{content-visibility:visible;display:block;block-size:auto}
button,nav,.skip{display:none}figure,.exchange,tr{break-inside:avoid}h2,h3{break-after:avoid}a{color:inherit}}
`
