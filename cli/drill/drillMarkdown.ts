import { markdownTable } from '../kit/markdownTable.ts'
import { bidderRows, bidderTitles } from './bidderRows.ts'
import type { DrillDocument } from './drillDocument.ts'
import { drillTable } from './drillTable.ts'

/** The report as Markdown. Figures are the median over seeds, least to greatest in brackets. */
export function drillMarkdown(document: DrillDocument): string {
  const { markets, from, to, accounts, seeds, source, venue, faults, runs } = document
  const { titles, rows } = drillTable(document)
  return `${[
    `# Crash drill: ${markets.join(', ')}, ${from} to ${to}`,
    '',
    `${accounts} traders, seeds ${seeds.join(', ')}. ${source === 'recorded' ? 'Recorded bars; traders, makers and bidders are generated.' : 'Simulated market.'} ${venue === 'twin' ? 'Cleared by the twin of the contracts, without a chain.' : 'Cleared by the contracts on a local chain.'}`,
    `Median over seeds, least to greatest in brackets.`,
    '',
    markdownTable(titles, rows, 1),
    '',
    '## Bidders, all runs together',
    '',
    markdownTable(bidderTitles, bidderRows(document), 1),
    '',
    `Conservation: ${runs.reduce((sum, { checks }) => sum + checks, 0)} blocks checked, ${faults} faults.`,
  ].join('\n')}\n`
}
