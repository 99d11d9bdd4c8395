import type { Address, Hash, RoundSignature } from '../../risk/types/index.ts'
import { DisagreementError, EngineMismatchError } from '../errors/EngineErrors.ts'
import { EquivocationError } from '../errors/StoreErrors.ts'
import { HttpFault } from '../http/HttpFault.ts'
import { checkSnapshot, fetchSnapshot } from './checkSnapshot.ts'
import type { EngineContext, Evaluation } from './EngineContext.ts'
import { evaluate } from './evaluate.ts'
import type { SignRequest } from './Peers.ts'
import { lastAccepted } from './priorState.ts'
import { signRound } from './signRound.ts'
import { sync } from './sync.ts'

/**
 * Answers a request for a signature: fetches the snapshot by its hash, compares it with this engine's own sources, recomputes the round from it and from this
 * engine's own state, and signs only when every byte is the same.
 *
 * @throws {HttpFault} With a code for the proposer; `claimed` names the round that this engine already signed instead.
 */
export async function reviewRound(context: EngineContext, from: Address, request: SignRequest): Promise<RoundSignature> {
  const { identity, log, metrics } = context
  try {
    return await context.exclusive(() => review(context, request))
  } catch (error) {
    const fault = refusal(context, error)
    metrics.refusals.inc({ scope: identity.scope, code: fault.context.code })
    log.warn({ scope: identity.scope, observedAt: request.observedAt, from, digest: request.digest, error }, 'signature refused')
    throw fault
  }
}

async function review(context: EngineContext, request: SignRequest): Promise<RoundSignature> {
  const { identity } = context
  if (!context.send) throw new HttpFault(409, 'dryRun', 'This engine is in dry run and signs nothing.')
  if (identity.mismatch !== null) throw identity.mismatch
  if (request.engine !== identity.build)
    throw new EngineMismatchError({ what: 'engine build', own: identity.build, expected: request.engine })
  await sync(context)
  const last = lastAccepted(context)
  if (last !== undefined && request.observedAt <= last.observedAt) {
    throw new HttpFault(409, 'settled', `The tick of ${request.observedAt} or a later one is already accepted.`)
  }
  const snapshot = await fetchSnapshot(context, request.snapshot)
  await checkSnapshot(context, request.snapshot, snapshot, request.observedAt)
  const evaluation = await evaluate(context, snapshot, request.snapshot)
  assertSame(evaluation, request)
  return signRound(context, evaluation)
}

function assertSame({ round, snapshot }: Evaluation, { digest }: SignRequest): void {
  if (round?.digest === digest) return
  throw new DisagreementError({ scope: snapshot.scope, observedAt: snapshot.observedAt, own: round?.digest ?? null, theirs: digest })
}

function refusal(context: EngineContext, error: unknown): HttpFault {
  if (error instanceof HttpFault) return error
  if (error instanceof EquivocationError) {
    const claimed = claimedRound(context, error.context.claimed)
    return new HttpFault(409, 'equivocation', error.message, claimed && { claimed }, { cause: error })
  }
  const sentence = error instanceof Error ? error.message : String(error)
  return new HttpFault(409, error instanceof Error ? error.name : 'fault', sentence, {}, { cause: error })
}

function claimedRound({ store, identity }: EngineContext, digest: Hash): { readonly digest: Hash; readonly snapshot: Hash } | undefined {
  const record = store.lastRound(identity.scope)
  return record?.digest === digest ? { digest, snapshot: record.snapshot } : undefined
}
