import { genesisState } from '../../risk/decide/index.ts'
import { BallastError } from '../../risk/errors/index.ts'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Bar, Hash, Json, ScopeId, UnixSeconds } from '../../risk/types/index.ts'
import { addDecision, addDocumentSteps, type DocumentEvidence } from '../evidence/documentSteps.ts'
import { scratchDocuments } from '../evidence/EvidenceDocuments.ts'
import { compareText, createStepList, type Step } from '../evidence/Step.ts'
import { submittedRound, transactionOf } from './checkRound.ts'
import type { AcceptedRound } from './foldHistory.ts'

/** One round computed again. */
export type ReplayedRound = {
  readonly scope: ScopeId
  readonly round: number
  readonly observedAt: UnixSeconds
  readonly steps: readonly Step[]
  readonly identical: boolean
}

/** State after the last round of a scope as computed here; null when that round could not be computed. */
type Carried = { readonly hash: Hash } | null

/**
 * Computes accepted rounds again, in order, each from its own stored inputs, and checks that the state which one leaves is the state which the next one
 * starts from: a fold from the first snapshot on.
 *
 * @param rounds - Of any scopes, in chain order; for a fold from the very first state give all of a scope.
 */
export function* replayRounds(evidence: DocumentEvidence, rounds: readonly AcceptedRound[]): Generator<ReplayedRound, void> {
  const carried = new Map<ScopeId, Carried>()
  for (const accepted of rounds) {
    const { scope, round, observedAt } = accepted
    const { steps, next } = replayRound(evidence, accepted, carried.get(scope))
    carried.set(scope, next)
    yield { scope, round, observedAt, steps, identical: steps.every(({ status }) => status === 'verified' || status === 'absent') }
  }
}

function replayRound(
  evidence: DocumentEvidence,
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
  const tick = addDocumentSteps(list, evidence, accepted)
  const before = tick.snapshot?.priorState
  if (carried === null) list.omit('fold', 'Fold', 'Not claimed: the round before it could not be computed.')
  else if (carried === undefined && accepted.round !== 1) list.omit('fold', 'Fold', 'Not claimed: the replay starts in the middle.')
  else {
    list.add('fold', {
      title: 'Fold',
      says: carried === undefined ? 'The first state is the fold of its seed bars.' : 'The state is the one that the round before it left.',
      how:
        carried === undefined
          ? 'The seed bars were folded again.'
          : 'The state left by the round before was compared with the one this snapshot names.',
      restsOn: ['snapshot', 'state'],
      check: () => compareText(before ?? 'none', carried?.hash ?? firstState(evidence, tick.state?.seed, tick.snapshot?.market ?? '')),
    })
  }
  const recomputed = addDecision(list, evidence, accepted, tick)
  const decided = recomputed?.kind === 'done' ? recomputed.decided : null
  if (list.isSound('decision') && list.isSound('report'))
    list.add('signals', {
      title: 'Report bytes',
      says: 'The report computed here has the bytes of the stored one.',
      how: 'Both were written canonically and hashed.',
      check: () => compareText(accepted.report, recomputed?.kind === 'done' ? (recomputed.reportHash ?? 'none') : 'none'),
    })
  return { steps: list.steps(), next: decided === null || !list.isSound('decision') ? null : { hash: decided.nextStateHash } }
}

/** Hash of the state folded from its seed bars; why not, when that is impossible. */
function firstState({ documents }: DocumentEvidence, seed: Hash | undefined, market: string): string {
  const found = seed === undefined ? undefined : documents.find(seed)
  if (found?.kind !== 'intact') return `the seed ${seed ?? ''} is ${found?.kind ?? 'not named'}`
  try {
    const state = genesisState(JSON.parse(found.text) as Bar[], market, scratchDocuments(documents))
    return contentHash(canonicalJson(state as unknown as Json))
  } catch (error) {
    if (error instanceof BallastError) return error.message
    throw error
  }
}
