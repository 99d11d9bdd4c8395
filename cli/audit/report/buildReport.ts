import { fromCode } from '../../../chain/ids/index.ts'
import { rejections, type UnixSeconds } from '../../../risk/types/index.ts'
import type { EvidenceDocuments } from '../../evidence/EvidenceDocuments.ts'
import type { ChainLog } from '../ChainLog.ts'
import type { HistoryLink } from '../decodeHistory.ts'
import type { FoldedHistory } from '../foldHistory.ts'
import type { AuditReport } from './AuditReport.ts'
import { decisionTotals } from './decisionTotals.ts'
import { interventions } from './interventions.ts'
import { marketBars } from './marketBars.ts'
import { marketResponses } from './marketResponses.ts'
import { countBy, parameterChanges } from './parameterChanges.ts'
import { rangeCoverage } from './rangeCoverage.ts'

/** Everything between two instants, both included: from the chain log alone, and from the engines' documents where they are at hand. */
export function buildReport(
  log: ChainLog,
  links: readonly HistoryLink[],
  history: FoldedHistory,
  documents: EvidenceDocuments,
  from: UnixSeconds,
  to: UnixSeconds,
): AuditReport {
  const isInside = (time: UnixSeconds): boolean => time >= from && time <= to
  const rounds = history.rounds.filter(({ link }) => isInside(link.time))
  const refused = links.filter(({ event, time }) => event === 'ItemRejected' && isInside(time))
  const ranges = history.writes.filter(({ id }) => id === 'margin.priceScanRange')
  const markets = [...marketBars(documents, history.rounds)].map(([market, bars]) => ({
    market,
    bars,
    writes: ranges.filter(({ scope }) => scope === `market:${market}`),
  }))
  return {
    from,
    to,
    changes: parameterChanges(log, history, from, to),
    rounds: {
      accepted: rounds.length,
      empty: rounds.filter(({ applied, pended, rejected }) => applied + pended + rejected === 0).length,
      applied: rounds.reduce((sum, { applied }) => sum + applied, 0),
      pended: rounds.reduce((sum, { pended }) => sum + pended, 0),
      rejected: countBy(refused, ({ args }) => fromCode(rejections, args['code'] as number)),
    },
    decisions: decisionTotals(documents, rounds),
    interventions: interventions(links, from, to),
    responses: markets.flatMap(({ market, bars, writes }) => marketResponses(market, bars, writes, from, to)),
    coverage: markets.flatMap(({ market, bars, writes }) => rangeCoverage(market, bars, writes, from, to)),
  }
}
