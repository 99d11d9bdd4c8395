import type { ItemOutcome, RoundRecord, RoundSignature, RoundStage } from '../../risk/types/index.ts'
import type { Evaluation } from './EngineContext.ts'

type Progress = {
  readonly signatures?: readonly RoundSignature[]
  readonly transaction?: RoundRecord['transaction']
  readonly outcomes?: readonly ItemOutcome[]
  readonly detail?: string
}

/** The record of a tick at one of its stages. */
export function roundRecord(evaluation: Evaluation, stage: RoundStage, progress: Progress = {}): RoundRecord {
  const { snapshot, snapshotHash, decision, next, reportHash, round } = evaluation
  return {
    schema: 'ballast.round',
    version: 1,
    scope: snapshot.scope,
    observedAt: snapshot.observedAt,
    stage,
    decision: decision.kind,
    snapshot: snapshotHash,
    state: next.hash,
    report: reportHash,
    adjustment: round?.adjustment ?? null,
    digest: round?.digest ?? null,
    signatures: progress.signatures ?? [],
    transaction: progress.transaction ?? null,
    outcomes: progress.outcomes ?? [],
    detail: progress.detail ?? '',
  }
}
