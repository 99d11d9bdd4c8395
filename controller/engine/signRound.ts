import type { RoundSignature } from '../../risk/types/index.ts'
import type { EngineContext, Evaluation } from './EngineContext.ts'
import { roundRecord } from './roundRecord.ts'

/**
 * Signs a round that this engine computed itself. The claim and the record are on disk before the signature exists, and an engine signs one digest per
 * (scope, round) as long as that one could still be accepted.
 *
 * @throws {EngineMismatchError} This engine is not the configured one.
 * @throws {EquivocationError} Another digest of this round is signed.
 */
export async function signRound(context: EngineContext, evaluation: Evaluation): Promise<RoundSignature> {
  const { identity, store, key, log } = context
  const { round, snapshot } = evaluation
  if (identity.mismatch !== null) throw identity.mismatch
  if (round === null) throw new TypeError('A halt is not signed.')
  const { adjustment, digest } = round
  // The contract's clock: the snapshot's block is the latest that this engine has compared with its own node.
  const now = Math.max(snapshot.chain.time, context.clock.now())
  store.atomically(() => {
    store.claimRound(identity.scope, adjustment.round, digest, { validUntil: adjustment.validUntil, now })
    const known = store.round(identity.scope, snapshot.observedAt)
    if (known?.digest !== digest) store.saveRound(roundRecord(evaluation, 'decided'))
  })
  const signature: RoundSignature = { signer: key.address, data: await key.signDigest(digest) }
  log.info({ scope: identity.scope, observedAt: snapshot.observedAt, round: adjustment.round, digest }, 'round signed')
  return signature
}
