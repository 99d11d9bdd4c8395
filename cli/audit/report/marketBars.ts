import type { Bar, MarketSnapshot } from '../../../risk/types/index.ts'
import { type EvidenceDocuments, readDocument } from '../../evidence/EvidenceDocuments.ts'
import type { AcceptedRound } from '../foldHistory.ts'

/** Bars that the engines saw, by market, ascending, each once: those of all rounds, so that a window has what came before it. */
export function marketBars(documents: EvidenceDocuments, rounds: readonly AcceptedRound[]): ReadonlyMap<string, readonly Bar[]> {
  const markets = new Map<string, Map<number, Bar>>()
  for (const { scope, snapshot: hash } of rounds) {
    if (!scope.startsWith('market:')) continue
    const snapshot = readDocument<MarketSnapshot>(documents, hash)
    if (snapshot === null) continue
    const known = markets.get(snapshot.market) ?? new Map<number, Bar>()
    markets.set(snapshot.market, known)
    for (const bar of snapshot.bars) known.set(bar.end, bar)
  }
  return new Map([...markets].map(([market, bars]) => [market, [...bars.values()].sort((a, b) => a.end - b.end)]))
}
