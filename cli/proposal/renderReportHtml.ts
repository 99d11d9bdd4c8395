import type { Report } from '../../proposals/report/index.ts'
import type { CrashReplay, MarketRisk } from '../../proposals/risk/index.ts'
import { showInvisible } from '../../proposals/text/index.ts'
import { pageStyle } from '../evidence/pageStyle.ts'
import { html, type SafeHtml } from '../kit/html.ts'
import { humanUsd } from '../kit/values.ts'
import { renderChart } from '../plot/renderChart.ts'

const style = `${pageStyle}
.failed { color: var(--bad); } .passed { color: var(--good); } .warnings { color: var(--warn); }
.wide { overflow-x: auto; } pre { overflow-x: auto; font: .85rem/1.5 ui-monospace, 'DejaVu Sans Mono', monospace; } .chart { background: #fff; border-radius: .4rem; } .chart svg text { fill: #222; font-size: 13px; }
blockquote { margin: 0; padding: .5rem 1rem; border-left: 3px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
`

type Cell = string | SafeHtml

/** The report as one page: no script, nothing from elsewhere, and a policy that forbids both. */
export function renderReportHtml(report: Report): string {
  const { title, verdict, id, chainId, governor, state, pinned } = report
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${showInvisible(title)}</title>
<style>${{ html: style }}</style>
</head>
<body>
<p class="kicker">Proposal on chain ${chainId} · ${state} · pinned to block ${pinned.block} (${pinned.time})</p>
<h1>${showInvisible(title)}</h1>
<p class="verdict ${verdictClass(report)}">${verdict}</p>
<dl class="facts">
<div><dt>id</dt><dd><code>${id}</code></dd></div>
<div><dt>governor</dt><dd><code>${governor}</code></dd></div>
<div><dt>block</dt><dd><code>${pinned.hash}</code></dd></div>
</dl>
<h2>What changes</h2>
${changesTable(report)}
${portfolios(report)}
<h2>Checks</h2>
${report.checks.map(
  ({ name, title: what, errors, warnings, info }) => html`<section>
<h3 class="${errors.length > 0 ? 'failed' : warnings.length > 0 ? 'warnings' : 'passed'}">${errors.length > 0 ? '✗' : warnings.length > 0 ? '!' : '✓'} ${name}</h3>
<p class="how">${what}</p>
<ul>${[...errors.map((text) => ['error', text]), ...warnings.map((text) => ['warning', text]), ...info.map((text) => ['', text])].map(
    ([kind, text]) =>
      html`<li>${kind === '' ? '' : html`<strong class="${kind === 'error' ? 'failed' : 'warnings'}">${kind ?? ''}</strong> `}<span>${showInvisible(text ?? '')}</span></li>`,
  )}</ul>
</section>
`,
)}
<h2>Simulation</h2>
${table(
  ['step', 'chain time', 'gas', 'by'],
  report.steps.map(({ step, time, gasUsed, by }) => [step, time, gasUsed, by]),
)}
<h3>Calls</h3>
<pre>${report.calls.join('\n')}</pre>
<h3>Events</h3>
${table(
  ['contract', 'event', 'arguments'],
  report.events.map(({ contract, address, name, args }) => [
    contract ?? address,
    name ?? 'unknown',
    Object.entries(args)
      .map(([key, value]) => `${key}: ${value}`)
      .join(', '),
  ]),
)}
<h2>Description</h2>
<blockquote>${showInvisible(report.description)}</blockquote>
</body>
</html>
`
  return page.html
}

function verdictClass({ verdict }: Report): string {
  return verdict === 'failed' ? 'failed' : verdict === 'passed' ? 'passed' : 'warnings'
}

function table(titles: readonly string[], rows: readonly (readonly Cell[])[]): SafeHtml {
  return html`<div class="wide"><table>
<thead><tr>${titles.map((title) => html`<th>${title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (cells) => html`<tr>${cells.map((cell) => html`<td>${typeof cell === 'string' ? showInvisible(cell) : cell}</td>`)}</tr>
`,
  )}</tbody>
</table></div>`
}

function changesTable({ changes }: Report): SafeHtml {
  if (changes.length === 0) return html`<p>Nothing changes.</p>`
  return table(
    ['where', 'what', 'current', 'proposed', 'change', 'range', 'last changed'],
    changes.map(({ subject, what, before, after, change, range, last }) => [subject, what, before, after, change, range, last]),
  )
}

function portfolios({ risk }: Report): SafeHtml {
  if (risk.kind === 'unaffected') return html`<h2>Portfolios</h2><p>No value that margin reads is changed.</p>`
  if (risk.kind === 'missing') return html`<h2>Portfolios</h2><p class="failed">Not computed: ${risk.reason}</p>`
  return html`<h2>Portfolios</h2>${risk.markets.map(marketSection)}`
}

const usd = (value: number | null | undefined): string => (value === null || value === undefined ? 'not known' : humanUsd(value))

function marketSection(market: MarketRisk): SafeHtml {
  const { before, after, cover, affected, newly } = market
  return html`<h3>${market.market}: ${after.accounts} accounts, ${newly.accounts} newly liquidatable (${usd(newly.notional)})</h3>
<p class="how">From ${market.origin}${market.synthetic.length > 0 ? `; synthetic: ${market.synthetic.join(', ')}` : ''}.</p>
${table(
  ['', 'before', 'after'],
  [
    ['maintenance margin', usd(before.maintenance), usd(after.maintenance)],
    ['initial margin', usd(before.initial), usd(after.initial)],
    ['liquidatable accounts', String(before.liquidatable), String(after.liquidatable)],
    ['expected shortfall of the book, 97.5 %, 24 h', usd(before.expectedShortfall), usd(after.expectedShortfall)],
    ['Cover-2 as held', usd(cover?.before.asHeld), usd(cover?.after.asHeld)],
    ['Cover-2 with margins drawn down', usd(cover?.before.drawnDown), usd(cover?.after.drawnDown)],
  ],
)}
${table(
  ['account', 'equity', 'maintenance before', 'maintenance after', ''],
  affected.map((each) => [
    each.account,
    usd(each.equity),
    usd(each.maintenanceBefore),
    usd(each.maintenanceAfter),
    each.newlyLiquidatable ? 'newly liquidatable' : '',
  ]),
)}
${market.replay === null ? html`<p class="warnings">The crash was not replayed. ${market.replayMissing}</p>` : crashChart(market.market, market.replay)}`
}

function crashChart(market: string, { from, before, after, fall }: CrashReplay): SafeHtml {
  const hours = (time: number): number => (time - from) / 3_600
  const line = (ticks: CrashReplay['before'], of: (tick: CrashReplay['before'][number]) => number) =>
    ticks.map((tick) => ({ x: hours(tick.time), y: of(tick) }))
  const panel = (title: string, y: string, of: (tick: CrashReplay['before'][number]) => number) => ({
    title,
    x: 'hours',
    y,
    series: [
      { name: 'from the values before', style: 'dashed' as const, points: line(before, of) },
      { name: 'from the proposed values', style: 'line' as const, points: line(after, of) },
    ],
  })
  const chart = renderChart({
    title: `${market}: a fall of ${(fall * 100).toFixed(1)} % in a day, replayed`,
    description: `Liquidatable accounts and maintenance margin hour by hour, from the values before and from the proposed values.`,
    panels: [
      panel('Liquidatable accounts', 'accounts', ({ liquidatable }) => liquidatable),
      panel('Maintenance margin', 'USD', ({ maintenance }) => maintenance),
    ],
  })
  return html`<div class="chart">${{ html: chart }}</div>`
}
