import { neutraliseMarkdown } from '../text/index.ts'
import type { Report } from './buildReport.ts'
import type { ChangeRow } from './describeChange.ts'

const cell = (text: string): string => neutraliseMarkdown(text).replaceAll('\n', ' ')
const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`
const table = (titles: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(titles), `|${titles.map(() => '---').join('|')}|`, ...rows.map(row)].join('\n')
const usd = (value: number | null): string => (value === null ? 'too short a history' : `${Math.round(value).toLocaleString('en-US')} USD`)
const marks = { failed: 'FAILED', 'passed with warnings': 'PASSED WITH WARNINGS', passed: 'PASSED' } as const

/** The report for people in plain Markdown. Foreign text has no power in it. */
export function renderMarkdown(report: Report): string {
  const { title, verdict, id, chainId, governor, state, pinned } = report
  return `${[
    `# Report: ${cell(title)}`,
    `**${marks[verdict]}** · ${state} · chain ${chainId} · pinned to block ${pinned.block} (${pinned.time})`,
    `Proposal ${id}\nGovernor ${governor}\nBlock ${pinned.hash}`,
    '## What changes',
    renderDiff(report.changes),
    ...renderRisk(report),
    '## Checks',
    table(
      ['check', 'result', 'what it makes sure of'],
      report.checks.map(({ name, title: what, errors, warnings }) => [
        name,
        errors.length > 0 ? `${errors.length} errors` : warnings.length > 0 ? `${warnings.length} warnings` : 'ok',
        what,
      ]),
    ),
    ...report.checks.flatMap(({ name, errors, warnings, info }) => [
      ...(errors.length + warnings.length + info.length > 0 ? [`### ${name}`] : []),
      [
        ...errors.map((each) => `- **error** ${cell(each)}`),
        ...warnings.map((each) => `- **warning** ${cell(each)}`),
        ...info.map((each) => `- ${cell(each)}`),
      ].join('\n'),
    ]),
    '## Simulation',
    table(
      ['step', 'time', 'gas', 'by'],
      report.steps.map(({ step, time, gasUsed, by }) => [step, time, gasUsed, by]),
    ),
    ...(report.calls.length > 0 ? ['### Calls', `\`\`\`text\n${report.calls.join('\n').replaceAll('`', "'")}\n\`\`\``] : []),
    ...(report.events.length > 0
      ? [
          '### Events',
          table(
            ['contract', 'event', 'arguments'],
            report.events.map(({ contract, address, name, args }) => [
              contract ?? address,
              name ?? 'unknown',
              Object.entries(args)
                .map(([key, value]) => `${key}: ${value}`)
                .join(', '),
            ]),
          ),
        ]
      : []),
    '## Description',
    report.description
      .split('\n')
      .map((line) => `> ${neutraliseMarkdown(line)}`)
      .join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n')}\n`
}

/** The table of changes alone, as diff.md holds it. */
export function renderDiff(changes: readonly ChangeRow[]): string {
  if (changes.length === 0) return 'Nothing changes.'
  return table(
    ['where', 'what', 'current', 'proposed', 'change', 'range', 'last changed'],
    changes.map(({ subject, what, before, after, change, range, last }) => [subject, what, before, after, change, range, last]),
  )
}

function renderRisk({ risk }: Report): string[] {
  if (risk.kind === 'unaffected') return ['## Portfolios', 'No value that margin reads is changed.']
  if (risk.kind === 'missing') return ['## Portfolios', `Not computed: ${cell(risk.reason)}`]
  return [
    '## Portfolios',
    ...risk.markets.flatMap((market) => [
      `### ${cell(market.market)}`,
      `${market.after.accounts} accounts as of ${new Date(market.observedAt * 1000).toISOString().replace('.000Z', 'Z')}, from ${cell(market.origin)}.`,
      table(
        ['', 'before', 'after'],
        [
          ['maintenance margin', usd(market.before.maintenance), usd(market.after.maintenance)],
          ['initial margin', usd(market.before.initial), usd(market.after.initial)],
          ['liquidatable accounts', String(market.before.liquidatable), String(market.after.liquidatable)],
          ['liquidatable notional', usd(market.before.liquidatableNotional), usd(market.after.liquidatableNotional)],
          ['expected shortfall of the book, 97.5 %, 24 h', usd(market.before.expectedShortfall), usd(market.after.expectedShortfall)],
          ['Cover-2 as held', usd(market.cover?.before.asHeld ?? null), usd(market.cover?.after.asHeld ?? null)],
          ['Cover-2 with margins drawn down', usd(market.cover?.before.drawnDown ?? null), usd(market.cover?.after.drawnDown ?? null)],
        ],
      ),
      'A vote moves no position: expected shortfall and Cover-2 as held change only when positions do. Drawn down means that every account has taken out what its initial margin does not hold back.',
      ...(market.affected.length > 0
        ? [
            table(
              ['account', 'equity', 'maintenance before', 'maintenance after', ''],
              market.affected.map((each) => [
                each.account,
                usd(each.equity),
                usd(each.maintenanceBefore),
                usd(each.maintenanceAfter),
                each.newlyLiquidatable ? 'newly liquidatable' : '',
              ]),
            ),
          ]
        : []),
    ]),
  ]
}
