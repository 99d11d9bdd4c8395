import { genesisState } from '../../risk/decide/index.ts'
import { BallastError } from '../../risk/errors/index.ts'
import { canonicalJson, contentHash } from '../../risk/hash/index.ts'
import type { Bar, Hash, Json } from '../../risk/types/index.ts'
import { addDecision, addDocumentSteps, type DocumentEvidence, type SignedTick, type TickEvidence } from '../evidence/documentSteps.ts'
import { scratchDocuments } from '../evidence/EvidenceDocuments.ts'
import { compareText, type StepList } from '../evidence/Step.ts'

/** State after the last round of a scope as computed here; null when that round could not be computed. */
export type Carried = { readonly hash: Hash } | null

/**
 * Steps of one tick computed again: its documents, that its state is the one the round before left, its decision and its report. They rest on the step `round`.
 *
 * @param carried - Undefined when the round before was not computed; the first round of a lane then starts from its seed bars.
 * @returns The documents, and the state that the tick leaves.
 */
export function replayTick(
  list: StepList,
  evidence: DocumentEvidence,
  signed: SignedTick,
  carried: Carried | undefined,
): { readonly tick: TickEvidence; readonly next: Carried } {
  const tick = addDocumentSteps(list, evidence, signed)
  const before = tick.snapshot?.priorState
  if (carried === null) list.omit('fold', 'Fold', 'Not claimed: the round before it could not be computed.')
  else if (carried === undefined && signed.round !== 1) list.omit('fold', 'Fold', 'Not claimed: the replay starts in the middle.')
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
  const recomputed = addDecision(list, evidence, signed, tick)
  const decided = recomputed?.kind === 'done' ? recomputed.decided : null
  if (list.isSound('decision') && list.isSound('report'))
    list.add('signals', {
      title: 'Report bytes',
      says: 'The report computed here has the bytes of the stored one.',
      how: 'Both were written canonically and hashed.',
      check: () => compareText(signed.report, recomputed?.kind === 'done' ? (recomputed.reportHash ?? 'none') : 'none'),
    })
  return { tick, next: decided === null || !list.isSound('decision') ? null : { hash: decided.nextStateHash } }
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
