/** Of the HTML: readable on paper, on a telephone, and in the dark; no font but the reader's own. */
export const STYLE = `
:root{--ink:#1a1d21;--soft:#5b6570;--line:#d9dee3;--paper:#fff;--card:#f5f7f9;--up:#a33b00;--down:#00694e;--warn:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#9aa5b1;--line:#3a424b;--paper:#15181c;--card:#1e2329;--up:#ffb27a;--down:#6fd6b4;--warn:#ff8a80}}
body{font:16px/1.55 system-ui,sans-serif;max-width:860px;margin:2.5rem auto;padding:0 1.2rem;color:var(--ink);background:var(--paper)}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2.4rem 0 .6rem;border-top:1px solid var(--line);padding-top:1.1rem}
.sub{color:var(--soft);margin:0 0 1.4rem}.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.7rem;margin:1.2rem 0}
.card{background:var(--card);border-radius:8px;padding:.7rem .9rem}.card b{display:block;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}
.card span{color:var(--soft);font-size:.85rem}.lead{font-size:1.05rem;padding-left:1.2rem}.lead li{margin:.25rem 0}
table{border-collapse:collapse;width:100%;margin:.6rem 0 1rem;font-variant-numeric:tabular-nums}
th{font-weight:600;color:var(--soft);font-size:.85rem}td,th{padding:.28rem .6rem;border-bottom:1px solid var(--line);text-align:right}
td:first-child,th:first-child{text-align:left}td.text,th.text{text-align:left}.up{color:var(--up)}.down{color:var(--down)}.past{color:var(--warn)}
code{font-size:.82rem;color:var(--soft)}svg{width:100%;height:auto}svg text{fill:var(--soft)}svg .grid{stroke:var(--line)}
footer{color:var(--soft);font-size:.88rem;margin-top:2.4rem;border-top:1px solid var(--line);padding-top:1rem}a{color:inherit}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}svg,table{break-inside:avoid}}`.replaceAll('\n', '');
