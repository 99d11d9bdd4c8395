import type { Colours } from '../kit/colours.ts'
import { formatTable } from '../kit/table.ts'
import { bidderRows, bidderTitles } from './bidderRows.ts'
import type { DrillDocument } from './drillDocument.ts'
import { drillTable } from './drillTable.ts'

/** The result for people. */
export function drillText(document: DrillDocument, colours: Colours): string {
  const { markets, from, to, accounts, seeds, source, venue, faults, runs } = document
  const { titles, rows } = drillTable(document)
  const right = (names: readonly string[]) => names.map((title, i) => ({ title, align: i === 0 ? ('left' as const) : ('right' as const) }))
  return [
    colours.strong(
      `${markets.join(', ')} from ${from} to ${to}: ${accounts} traders, ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`,
    ),
    source === 'simulated'
      ? 'The market is simulated: no --data was given.'
      : 'Bars are recorded; traders, makers and bidders are generated.',
    venue === 'twin' ? 'Cleared by the twin of the contracts, without a chain.' : 'Cleared by the contracts on a local chain.',
    '',
    formatTable(right(titles), rows, colours.dim),
    '',
    formatTable(right(bidderTitles), bidderRows(document), colours.dim),
    '',
    faults === 0
      ? colours.good(`✓ cash and positions added up exactly in ${runs.reduce((sum, { checks }) => sum + checks, 0)} of as many blocks`)
      : colours.bad(`✗ conservation failed ${faults} times`),
  ].join('\n')
}
