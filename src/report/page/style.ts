/** The page's style: quiet, printable, light and dark, in the colours of Okabe and Ito, which colour-blind readers tell apart. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf9; --raised: #ffffff; --ink: #1c1e21; --soft: #5b6068; --rule: #e2dfd8; --tint: #eef4f9;
  --accent: #0067a3; --bar: #0072b2;
  --holds: #007556; --fails: #b34d00; --undecided: #7f5a00; --untestable: #62676f;
  --holds-bar: #009e73; --fails-bar: #d55e00; --undecided-bar: #e69f00; --untestable-bar: #a9adb3;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --serif: Charter, "Bitstream Charter", "Sitka Text", Cambria, Georgia, "DejaVu Serif", serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --raised: #1c1f23; --ink: #e6e4df; --soft: #a0a5ad; --rule: #32363c; --tint: #1b2733;
    --accent: #7cc0ee; --bar: #56b4e9;
    --holds: #4cc9a4; --fails: #ff9a57; --undecided: #f0bf5a; --untestable: #a0a5ad;
  }
}
@media screen and (prefers-color-scheme: dark) {
  /* Okabe and Ito's blue sinks into a dark page. */
  .figure svg [stroke="#0072b2"] { stroke: #3d9bd6; } .figure svg [fill="#0072b2"] { fill: #3d9bd6; }
}
*, ::before, ::after { box-sizing: border-box; }
html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); }
.opening, main { width: min(73rem, 100%); margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
h1, h2, .question { font-family: var(--serif); text-wrap: balance; }
h1 { font-size: clamp(1.9rem, 1.4rem + 2.4vw, 2.9rem); line-height: 1.12; letter-spacing: -.012em; margin: .2rem 0 .7rem; overflow-wrap: anywhere; }
h2 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .3rem; letter-spacing: -.006em; }
h3 { font-size: 1.02rem; line-height: 1.4; margin: 0; }
h4 { font: 600 .84rem/1.4 var(--mono); margin: 0; overflow-wrap: anywhere; }
p { margin: 0; }
a { color: var(--accent); text-decoration-thickness: .06em; text-underline-offset: .18em; }
a:hover { text-decoration-thickness: .12em; }
:focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; border-radius: 2px; }
code { font: .86em/1.4 var(--mono); overflow-wrap: anywhere; }
ul, ol { margin: 0; }
[hidden] { display: none !important; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--raised); padding: .4rem .8rem; z-index: 9; }

.opening { padding-block: clamp(2rem, 6vw, 4.2rem) 0; }
.kicker { color: var(--soft); font-size: .78rem; letter-spacing: .09em; text-transform: uppercase; }
.question { font-size: clamp(1.12rem, 1rem + .6vw, 1.36rem); line-height: 1.42; max-width: 44rem; text-wrap: pretty; }
.paper { color: var(--soft); font-size: .9rem; margin-top: .9rem; max-width: 52rem; overflow-wrap: anywhere; }
.paper cite { color: var(--ink); }
.glance { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .5rem 1.6rem; margin-top: 1.6rem; }
.glance li { display: flex; align-items: center; gap: .45rem; }
.glance b { font-variant-numeric: tabular-nums; }
nav { border-bottom: 1px solid var(--rule); margin-top: 1.5rem; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0 1.5rem; font-size: .9rem; }
nav a { display: inline-block; padding: .55rem 0; color: var(--soft); text-decoration: none; }
nav a:hover { color: var(--ink); text-decoration: underline; }
section { padding-top: 2.6rem; }
main { padding-bottom: 5rem; }
.lead { color: var(--soft); font-size: .9rem; margin-bottom: 1rem; max-width: 46rem; }

.card dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(13rem, 100%), 1fr)); gap: .9rem 1.6rem; margin: .8rem 0 1rem; }
.card .wide { grid-column: 1 / -1; }
dt { color: var(--soft); font-size: .76rem; letter-spacing: .02em; }
dd { margin: .1rem 0 0; }
.card dd { font-size: .95rem; }
.number, time { font-variant-numeric: tabular-nums; }
.subjects { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.3rem; }
.badge { display: inline-block; font: 500 .68rem/1 var(--sans); letter-spacing: .03em; color: var(--soft); border: 1px solid var(--rule); border-radius: 1rem; padding: .2rem .48rem; vertical-align: .1em; white-space: nowrap; }
.badge.control { border-style: dashed; border-color: var(--undecided-bar); color: var(--undecided); }
summary { cursor: pointer; }
.card summary { color: var(--accent); font-size: .9rem; width: fit-content; }
.settings { font-size: .84rem; margin-top: .6rem; width: 100%; }
.settings th { font: 400 1em/1.5 var(--mono); color: var(--soft); text-align: left; white-space: nowrap; padding-right: 1.5rem; vertical-align: top; }
.settings td { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 14rem; font-family: var(--mono); }
.settings tbody + tbody { border-top: 1px solid var(--rule); }

.status { font-weight: 600; font-size: .84rem; }
.sign { display: inline-grid; place-items: center; width: 1.35rem; height: 1.35rem; border-radius: 50%; border: 1.5px solid currentColor; font: 700 .8rem/1 var(--sans); flex: none; }
.holds { --tone: var(--holds); --edge: var(--holds-bar); } .fails { --tone: var(--fails); --edge: var(--fails-bar); }
.undecided { --tone: var(--undecided); --edge: var(--undecided-bar); } .untestable { --tone: var(--untestable); --edge: var(--untestable-bar); }
.status { color: var(--tone); }
.claims { display: grid; gap: 1rem; }
.claim { background: var(--raised); border: 1px solid var(--rule); border-radius: .5rem; overflow: clip; break-inside: avoid; }
.claim header { padding: .9rem 1.1rem .75rem; }
.claim .source { color: var(--soft); font-size: .82rem; margin-top: .15rem; }
.verdict { display: grid; grid-template-columns: 10.5rem 1fr; gap: .2rem 1.2rem; padding: .7rem 1.1rem .75rem; border-top: 1px solid var(--rule); box-shadow: inset 4px 0 var(--edge); }
.verdict .status { display: flex; align-items: flex-start; gap: .5rem; line-height: 1.35rem; }
.evidence { font-size: .95rem; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.needed { font-size: .9rem; margin-top: .1rem; }
.facts { color: var(--soft); font-size: .82rem; margin-top: .15rem; font-variant-numeric: tabular-nums; }

figure { margin: 0; min-width: 0; }
.switch { display: inline-flex; gap: .45rem; align-items: center; font-size: .88rem; margin-bottom: .4rem; cursor: pointer; }
.switch input { accent-color: var(--bar); }
.table { margin-top: 1.5rem; }
.table figcaption { margin-bottom: .6rem; }
.table figcaption p { color: var(--soft); font-size: .84rem; }
.scroll { overflow-x: auto; max-width: 100%; scrollbar-width: thin; }
table { border-collapse: separate; border-spacing: 0; font-size: .9rem; font-variant-numeric: tabular-nums lining-nums; }
.table table { border-block: 1.5px solid var(--ink); min-width: min(100%, 30rem); }
.table th, .table td { padding: .34rem .55rem; text-align: right; white-space: nowrap; vertical-align: top; }
.table thead th { font-weight: 600; font-size: .82rem; vertical-align: bottom; border-bottom: 1px solid var(--ink); }
.table .spans th { text-align: center; border-bottom: 1px solid var(--rule); }
.table .spans + tr th:not(:first-child) { font-weight: 500; }
.table tr > :first-child { position: sticky; left: 0; background: var(--paper); text-align: left; padding-left: .3rem; font-weight: 400; min-width: min(11.5rem, 34vw); max-width: min(20rem, 46vw); white-space: normal; overflow-wrap: anywhere; z-index: 1; }
.table thead tr > :first-child { font-weight: 600; }
.measured th, .measured td { background: var(--tint); }
.table .measured tr > :first-child { background: var(--tint); font-weight: 600; box-shadow: inset 3px 0 var(--bar); padding-left: .8rem; }
.table .measured tr:first-child > *, .table .apart .divider > * { border-top: 1px solid var(--rule); }
.table .apart tr > :first-child { padding-left: .8rem; }
.table .divider > th:first-child { max-width: none; position: static; padding: .6rem .3rem .25rem; color: var(--soft); font-size: .8rem; font-style: italic; }
.divider span { position: sticky; left: .3rem; }
td a { text-decoration: underline dotted; text-decoration-thickness: 1px; }
td a:hover { text-decoration-style: solid; }
td small { display: block; color: var(--soft); font-size: .72rem; line-height: 1.35; }
td .n { display: none; }
#tables:has(#show-n:checked) td .n { display: block; }
.reasons { color: var(--soft); font-size: .84rem; padding-left: 1.4rem; margin-top: .5rem; }
sup { font-size: .7em; line-height: 0; }

.figures { display: flex; flex-wrap: wrap; gap: 2rem 2.6rem; margin-top: 1rem; align-items: flex-start; }
.figure { max-width: 100%; break-inside: avoid; flex: 0 1 max(15rem, var(--width)); }
.figure h3 { font-size: .95rem; margin-bottom: .4rem; }
.figure figcaption { color: var(--soft); font-size: .84rem; margin-top: .45rem; text-wrap: pretty; }
.figure svg { display: block; max-width: none; }
.figure svg a:hover rect, .figure svg a:focus-visible rect { stroke: var(--ink); stroke-width: 1.5px; }

.group { border-top: 1px solid var(--rule); }
#samples .group:last-of-type { border-bottom: 1px solid var(--rule); }
.group > summary { padding: .7rem .2rem; display: flex; align-items: baseline; gap: .7rem; list-style: none; }
.group > summary::-webkit-details-marker { display: none; }
.group > summary::before { content: "▸"; color: var(--soft); width: .8rem; flex: none; }
.group[open] > summary::before { content: "▾"; }
.group > summary:hover .name { text-decoration: underline; text-underline-offset: .18em; }
.group .name { font-weight: 600; overflow-wrap: anywhere; min-width: 0; }
.group .count { color: var(--soft); font-size: .84rem; font-variant-numeric: tabular-nums; margin-left: auto; white-space: nowrap; }
.group[open] { padding-bottom: 1.2rem; }
.filters { display: none; flex-wrap: wrap; gap: .4rem; align-items: center; padding: .2rem 0 1rem; font-size: .86rem; }
.scripted .filters { display: flex; }
.filters button, .filters select { font: inherit; color: inherit; background: var(--raised); border: 1px solid var(--rule); border-radius: 2rem; padding: .3rem .8rem; cursor: pointer; min-height: 2rem; }
.filters button b { font-weight: 500; color: var(--soft); font-variant-numeric: tabular-nums; margin-left: .15rem; }
.filters button:hover { border-color: var(--soft); }
.filters [aria-pressed="true"] { background: var(--ink); color: var(--paper); border-color: var(--ink); }
.filters [aria-pressed="true"] b { color: inherit; opacity: .75; }
.filters label { margin-left: .5rem; color: var(--soft); } .filters select { color: var(--ink); max-width: 14rem; }
.filters output { color: var(--soft); margin-left: .3rem; }
.samples { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(26rem, 100%), 1fr)); gap: 1rem; align-items: start; }
.sample { background: var(--raised); border: 1px solid var(--rule); border-radius: .5rem; padding: .9rem 1rem 1rem; min-width: 0; content-visibility: auto; contain-intrinsic-size: auto 26rem; }
.sample:target { border-color: var(--bar); box-shadow: 0 0 0 1px var(--bar); }
.sample h4 a { color: var(--soft); text-decoration: none; } .sample h4 a:hover { text-decoration: underline; }
.sample dl { margin: .6rem 0 0; display: grid; gap: .5rem; }
.prompt { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .86rem; line-height: 1.5; max-height: 15rem; overflow-y: auto; unicode-bidi: isolate; }
.prompt.code { font: .82rem/1.5 var(--mono); }
.said { white-space: pre-wrap; overflow-wrap: anywhere; font: .9rem/1.5 var(--mono); max-height: 16rem; overflow-y: auto; unicode-bidi: isolate; }
.prompt :is(ins, del, b), .said :is(ins, del, b) { font-family: var(--mono); font-weight: 400; text-decoration: none; }
.prompt ins, .said ins { color: var(--holds); } .prompt del, .said del { color: var(--fails); }
.prompt b, .said b { color: var(--soft); }
.said em { color: var(--soft); font-family: var(--sans); }
.answers { list-style: none; padding: 0; margin-top: .7rem; display: grid; gap: .5rem; }
.answer { --tone: var(--soft); --edge: var(--untestable-bar); border-left: 3px solid var(--edge); padding: .1rem 0 .1rem .8rem; min-width: 0; }
.answer.right { --tone: var(--holds); --edge: var(--holds-bar); } .answer.wrong { --tone: var(--fails); --edge: var(--fails-bar); }
.answer.partly { --tone: var(--undecided); --edge: var(--undecided-bar); }
.who { font-size: .82rem; color: var(--soft); overflow-wrap: anywhere; }
.who .sign, .who .word { color: var(--tone); font-weight: 600; } .who .sign { width: 1.1rem; height: 1.1rem; font-size: .66rem; vertical-align: .1em; }
.who bdi { color: var(--ink); }
.scores { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0 .9rem; font-size: .78rem; color: var(--soft); font-variant-numeric: tabular-nums; margin-top: .15rem; }
.scores b { font-weight: 600; color: var(--ink); }
.pictures { list-style: none; padding: 0; margin-top: .6rem; display: flex; flex-wrap: wrap; gap: .6rem; }
.pictures li { width: 9rem; max-width: 100%; } .pictures li:only-child { width: 15rem; }
.pictures .title { display: block; font-size: .74rem; color: var(--soft); overflow-wrap: anywhere; }
.picture { position: relative; display: block; padding: 0; border: 0; background: none; width: 100%; cursor: zoom-in; line-height: 0; }
.picture img { width: 100%; height: auto; aspect-ratio: auto 1 / 1; border-radius: 3px; background: var(--rule); }
.mark { position: absolute; border: 3px solid #009e73; outline: 1.5px solid #fff; border-radius: 2px; pointer-events: none; box-shadow: inset 0 0 0 1px #0006; }
.mark.at-answer { border: 3px dashed #d55e00; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; font-size: .76rem; color: var(--soft); margin-top: .3rem; }
.legend .mark { border-width: 2px; position: static; display: inline-block; width: .95rem; height: .75rem; vertical-align: -.05em; }
dialog { border: 0; padding: 0; background: none; max-width: 96vw; max-height: 96vh; overflow: visible; }
dialog::backdrop { background: #000c; }
dialog .picture { cursor: auto; width: min(88vw, 88vh); }
dialog form button { position: fixed; top: 1rem; right: 1rem; width: 2.4rem; height: 2.4rem; border-radius: 50%; border: 0; background: #fff; color: #000; font-size: 1rem; cursor: pointer; }
.remarks { padding-left: 1.15rem; max-width: 46rem; display: grid; gap: .45rem; margin-top: .5rem; overflow-wrap: anywhere; }
.remarks ::marker { color: var(--soft); }

@media (max-width: 40rem) {
  section { padding-top: 2.1rem; }
  .verdict { grid-template-columns: 1fr; }
  .table th, .table td { padding-inline: .6rem; }
  .card dl { grid-template-columns: 1fr 1fr; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root { --paper: #fff; --raised: #fff; --ink: #000; --soft: #444; --rule: #ccc; --tint: #f2f2f2; --accent: #000; --holds: #005c43; --fails: #8f3d00; --undecided: #5f4300; --untestable: #444; }
  body { font-size: 9.5pt; } nav, .switch, .filters, .skip, dialog { display: none !important; }
  .opening, main { width: auto; padding-inline: 0; }
  .opening { padding-top: 0; } section { padding-top: 1.4rem; } h2, h3 { break-after: avoid; }
  .table table { font-size: 7pt; } .table th, .table td { padding: .16rem .26rem; } td small { font-size: 5.2pt; }
  .scroll { overflow: visible; } .sample { content-visibility: visible; break-inside: avoid; }
  .prompt, .said { max-height: none; } .measured th, .measured td, .verdict { print-color-adjust: exact; }
  a { text-decoration: none; }
}
`;
