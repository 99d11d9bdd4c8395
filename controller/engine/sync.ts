import type { RoundRecord } from '../../risk/types/index.ts'
import { DisagreementError } from '../errors/EngineErrors.ts'
import type { AcceptedRound } from '../sources/acceptedRounds.ts'
import { fetchSnapshot } from './checkSnapshot.ts'
import type { EngineContext } from './EngineContext.ts'
import { evaluate } from './evaluate.ts'
import { createLogFields } from './logFields.ts'
import { lastAccepted } from './priorState.ts'
import { roundRecord } from './roundRecord.ts'

/**
 * Brings this engine to where the chain is: every accepted round that it has not followed yet is recomputed from its snapshot, fetched by hash from whoever has it, and
 * must give the very digest that was accepted. Rounds that a reorganisation took back are given up, and the state before them is in force again.
 *
 * @returns Rounds followed.
 * @throws {DisagreementError} The engines accepted what this one cannot reproduce.
 * @throws {MissingDocumentError} Nobody has a snapshot that is needed.
 */
export async function sync(context: EngineContext): Promise<number> {
  const { chain, identity, deployment } = context
  const lane = await chain.fetchProgress()
  let own = lastAccepted(context)
  while (own !== undefined && isTakenBack(own, lane)) {
    giveUp(context, own)
    own = lastAccepted(context)
  }
  const reached = own?.adjustment?.round ?? 0
  if (lane.round <= reached) return 0
  const from = own?.transaction?.block ?? deployment.block
  const missing = (await context.readAccepted(BigInt(from))).filter(({ round }) => round > reached)
  for (const accepted of missing) await follow(context, accepted)
  if (missing.length > 0) context.log.debug({ scope: identity.scope, rounds: missing.length }, 'rounds followed')
  return missing.length
}

/** The chain no longer has the round, or has another one under its number. */
function isTakenBack({ adjustment, observedAt }: RoundRecord, lane: { readonly round: number; readonly observedAt: number }): boolean {
  if (adjustment === null) return false
  return lane.round < adjustment.round || (lane.round === adjustment.round && lane.observedAt !== observedAt)
}

function giveUp({ store, log }: EngineContext, record: RoundRecord): void {
  store.saveRound({ ...record, stage: 'superseded', transaction: null, outcomes: [], detail: 'a reorganisation took the round back' })
  log.warn(createLogFields(record), 'round taken back')
}

async function follow(context: EngineContext, accepted: AcceptedRound): Promise<void> {
  const { store, identity, log, metrics } = context
  const known = store.round(identity.scope, accepted.observedAt)
  const transaction = { hash: accepted.transaction, nonce: accepted.nonce, block: accepted.block.toString() }
  const outcomes = accepted.outcomes
  let record: RoundRecord
  if (known?.digest === accepted.digest && store.has(known.state)) {
    record = { ...known, stage: 'mined', transaction, outcomes, detail: '' }
  } else {
    const evaluation = await evaluate(context, await fetchSnapshot(context, accepted.snapshot), accepted.snapshot)
    if (evaluation.round?.digest !== accepted.digest) {
      throw new DisagreementError({
        scope: identity.scope,
        observedAt: accepted.observedAt,
        own: evaluation.round?.digest ?? null,
        theirs: accepted.digest,
      })
    }
    record = roundRecord(evaluation, 'mined', { transaction, outcomes })
  }
  store.saveRound(record)
  for (const { kind } of outcomes) metrics.items.inc({ scope: identity.scope, outcome: kind })
  metrics.lastGoodTick.set({ scope: identity.scope }, accepted.observedAt)
  log.info({ ...createLogFields(record), transaction: accepted.transaction, items: outcomes.length }, 'round accepted')
}
