import type { Clip, HoldReason, RiskReport } from '../../../risk/types/index.ts'
import { type EvidenceDocuments, readDocument } from '../../evidence/EvidenceDocuments.ts'
import type { AcceptedRound } from '../foldHistory.ts'
import type { DecisionTotals } from './AuditReport.ts'

/** What the engines proposed, held and clipped, by their reports. */
export function decisionTotals(documents: EvidenceDocuments, rounds: readonly AcceptedRound[]): DecisionTotals {
  const held: Partial<Record<HoldReason, number>> = {}
  const clipped: Partial<Record<Clip['bound'], number>> = {}
  let read = 0
  let proposed = 0
  for (const { report } of rounds) {
    const found = readDocument<RiskReport>(documents, report)
    if (found === null) continue
    read += 1
    for (const { outcome, clips } of found.recommendations) {
      if (outcome.kind === 'move') proposed += 1
      else held[outcome.reason] = (held[outcome.reason] ?? 0) + 1
      for (const { bound } of clips) clipped[bound] = (clipped[bound] ?? 0) + 1
    }
  }
  return { read, proposed, held, clipped }
}
