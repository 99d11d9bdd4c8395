/** Style of the pages the command line writes: readable without a network, in light and dark, on paper and on a phone. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dfe7; --paper: #ffffff; --card: #f6f8fa; --good: #14734a; --bad: #b3261e; --warn: #8a5a00; --accent: #22539e; --band: #22539e14; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa5b4; --line: #323b48; --paper: #12171e; --card: #1a212a; --good: #5fd3a0; --bad: #ff8a80; --warn: #f0c065; --accent: #8ab4f8; --band: #8ab4f81f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, 'DejaVu Sans', sans-serif; }
h1 { margin: 0; font-size: 1.5rem; } h2 { margin: 2.5rem 0 .75rem; font-size: 1.15rem; } h3 { margin: 0; font-size: 1rem; }
.kicker { margin: 0; color: var(--soft); } .scope { color: var(--soft); font-weight: 400; }
.value { margin: .25rem 0; font-size: 2.5rem; font-weight: 650; font-variant-numeric: tabular-nums; } .raw { font-size: 1rem; font-weight: 400; color: var(--soft); }
.summary { display: flex; flex-wrap: wrap; gap: .75rem 2rem; margin: 1rem 0; } .summary dt, .facts dt { color: var(--soft); font-size: .85rem; } .summary dd { margin: 0; }
.verdict { display: inline-block; margin: .5rem 0 0; padding: .4rem .8rem; border: 1px solid currentColor; border-radius: .4rem; font-weight: 600; }
.verified .mark, .verdict.verified { color: var(--good); } .failed .mark, .verdict.failed, .mismatch { color: var(--bad); } .blocked .mark, .blocked .mismatch, .caveat { color: var(--warn); } .absent { color: var(--soft); }
.steps { list-style: none; margin: 0; padding: 0; counter-reset: step; }
.step { position: relative; margin: 0; padding: .75rem 0 .75rem 2.5rem; border-top: 1px solid var(--line); counter-increment: step; }
.step::before { content: counter(step); position: absolute; left: 0; top: .8rem; width: 1.6rem; color: var(--soft); text-align: right; font-variant-numeric: tabular-nums; }
.step p { margin: .2rem 0 0; overflow-wrap: anywhere; } .how { color: var(--soft); font-size: .9rem; }
.facts { margin: .4rem 0 0; } .facts div { display: grid; grid-template-columns: 11rem 1fr; gap: .75rem; } .facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; font-size: .9rem; }
code { font: .85rem/1.4 ui-monospace, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; } th, td { padding: .35rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; } th { color: var(--soft); font-weight: 500; font-size: .85rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; } .total td { font-weight: 600; } .clip td { color: var(--warn); }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--soft); font-size: 11px; } .axis { stroke: var(--line); } .band { fill: var(--band); } .stepline { fill: none; stroke: var(--accent); stroke-width: 2; } .price { fill: none; stroke: var(--soft); stroke-width: 1; } .now { stroke: var(--bad); stroke-dasharray: 3 3; } .dot { fill: var(--accent); }
@media (max-width: 40rem) { .facts div { grid-template-columns: 1fr; gap: 0; } .value { font-size: 2rem; } }
`
