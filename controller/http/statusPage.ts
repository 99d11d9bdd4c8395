import type { Address, Catalogue, Hash, ItemOutcome, LiveParameter, RoundRecord, ScopeReading } from '../../risk/types/index.ts'
import { formatValue } from './formatValue.ts'
import type { Component } from './readiness.ts'

export type StatusOfScope = {
  readonly scope: string
  /** Null when the chain did not answer; `fault` says why. */
  readonly reading: ScopeReading | null
  readonly fault: string | null
  /** Newest first. */
  readonly rounds: readonly RoundRecord[]
}
export type Status = {
  readonly engine: Address
  readonly build: Hash
  readonly market: string
  readonly send: boolean
  readonly catalogue: Catalogue
  readonly components: readonly Component[]
  readonly scopes: readonly StatusOfScope[]
}

/** The engine's status as one page: no script, nothing loaded from anywhere, readable in light and dark and by screen readers. */
export function renderStatus(status: Status): string {
  const title = `Ballast engine, ${status.market}`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
<p>Engine <code>${status.engine}</code>, build <code>${status.build}</code>${status.send ? '' : '. <strong>Dry run: it neither signs nor sends.</strong>'}</p>
</header>
<main>
<section aria-labelledby="health">
<h2 id="health">Components</h2>
${table(
  'Whether each part works',
  ['Part', 'State', 'Detail'],
  status.components.map(({ name, ready, detail }) => [name, ready ? 'ready' : 'not ready', detail]),
)}
</section>
${status.scopes.map((scope) => renderScope(scope, status.catalogue)).join('\n')}
</main>
</body>
</html>
`
}

function renderScope({ scope, reading, fault, rounds }: StatusOfScope, catalogue: Catalogue): string {
  const lane =
    reading === null
      ? `The chain did not answer: ${fault}`
      : `Lane ${reading.lane.mode}, round ${reading.lane.round}, block ${reading.block} of ${time(reading.time)}.`
  const parameters = reading?.parameters.map((live) => parameterRow(live, catalogue)) ?? []
  return `<section aria-label="${escapeHtml(scope)}">
<h2>${escapeHtml(scope)}</h2>
<p>${escapeHtml(lane)}</p>
${table('Parameters: value, the effective value of ramped ones, the range governance set, and what waits for its veto window', ['Parameter', 'Value', 'Effective', 'Range', 'Baseline', 'Pending'], parameters)}
${table(
  'Last ticks, newest first',
  ['Observed', 'Round', 'Decision', 'Stage', 'Items', 'Detail'],
  rounds.map((round) => roundRow(round, catalogue)),
)}
</section>`
}

function parameterRow({ id, rule, state, pending }: LiveParameter, catalogue: Catalogue): string[] {
  const unit = catalogue.parameters.find((spec) => spec.id === id)?.unit
  const show = (value: number): string => formatValue(unit, value)
  // A write to the parameter voids what was pending, but leaves it in the store.
  const waits =
    pending === null || pending.historyLength !== state.historyLength
      ? 'none'
      : `${show(pending.target)} from ${time(pending.eta)} until ${time(pending.expiry)}`
  return [
    id,
    show(state.value),
    state.effective === state.value ? 'same' : show(state.effective),
    `${show(rule.floor)} to ${show(rule.ceiling)}`,
    show(rule.baseline),
    waits,
  ]
}

function roundRow(round: RoundRecord, catalogue: Catalogue): string[] {
  const items = round.outcomes.map((outcome) => describeOutcome(outcome, catalogue)).join('; ')
  const number = round.adjustment === null ? 'none' : String(round.adjustment.round)
  return [time(round.observedAt), number, round.decision, round.stage, items || 'none', round.detail || 'none']
}

function describeOutcome(outcome: ItemOutcome, catalogue: Catalogue): string {
  const unit = catalogue.parameters.find(({ id }) => id === outcome.id)?.unit
  const show = (value: number): string => formatValue(unit, value)
  switch (outcome.kind) {
    case 'applied':
      return `${outcome.id} ${show(outcome.previous)} → ${show(outcome.value)}`
    case 'pended':
      return `${outcome.id} to ${show(outcome.target)} pends until ${time(outcome.eta)}`
    case 'shadowed':
      return `${outcome.id} would move to ${show(outcome.value)}`
    case 'rejected':
      return `${outcome.id} to ${show(outcome.proposed)} rejected: ${outcome.code}, limit ${outcome.limit}`
  }
}

function table(caption: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column)}</th>`).join('')
  const cells = ([first = '', ...rest]: readonly string[]): string =>
    `<tr><th scope="row">${escapeHtml(first)}</th>${rest.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`
  const body = rows.length === 0 ? `<tr><td colspan="${columns.length}">Nothing yet.</td></tr>` : rows.map(cells).join('\n')
  return `<div class="wide"><table>
<caption>${escapeHtml(caption)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}
</tbody>
</table></div>`
}

function time(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
}

const style = `
:root { color-scheme: light dark; --line: #8888; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
code { overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; min-width: 40rem; width: 100%; }
caption { font-weight: 600; padding: .5rem 0; text-align: left; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
td { font-variant-numeric: tabular-nums; }
`
