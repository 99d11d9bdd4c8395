import type { ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import type { DocumentEvidence } from '../evidence/documentSteps.ts'
import { compareText, createStepList, type Step } from '../evidence/Step.ts'
import type { ChainLog } from './ChainLog.ts'
import { submittedRound, transactionOf } from './checkRound.ts'
import type { AcceptedRound } from './foldHistory.ts'
import { type Carried, replayTick } from './replayTick.ts'

/** Stored documents, and the chain's log with the calldata of every round. */
export type ReplayEvidence = DocumentEvidence & { readonly log: ChainLog }

/** One round computed again. */
export type ReplayedRound = {
  readonly scope: ScopeId
  readonly round: number
  readonly observedAt: UnixSeconds
  readonly steps: readonly Step[]
  readonly identical: boolean
}

/**
 * Computes accepted rounds again, in order, each from its own stored inputs, and checks that the state which one leaves is the state which the next one
 * starts from: a fold from the first snapshot on.
 *
 * @param rounds - Of any scopes, in chain order; for a fold from the very first state give all of a scope.
 */
export function* replayRounds(evidence: ReplayEvidence, rounds: readonly AcceptedRound[]): Generator<ReplayedRound, void> {
  const carried = new Map<ScopeId, Carried>()
  for (const accepted of rounds) {
    const { scope, round, observedAt } = accepted
    const { steps, next } = replayRound(evidence, accepted, carried.get(scope))
    carried.set(scope, next)
    yield { scope, round, observedAt, steps, identical: steps.every(({ status }) => status === 'verified' || status === 'absent') }
  }
}

function replayRound(
  evidence: ReplayEvidence,
  accepted: AcceptedRound,
  carried: Carried | undefined,
): { readonly steps: readonly Step[]; readonly next: Carried } {
  const list = createStepList()
  const submitted = submittedRound(evidence.log, transactionOf(evidence.log, accepted.link.transaction))
  list.add('round', {
    title: 'Signed round',
    says: `Round ${accepted.round} of ${accepted.scope}.`,
    how: 'The digest was computed from the calldata and compared with the one the mandate recorded.',
    check: () => compareText(accepted.digest, submitted?.digest ?? 'no call of submitRound'),
  })
  const { next } = replayTick(list, evidence, accepted, carried)
  return { steps: list.steps(), next }
}
