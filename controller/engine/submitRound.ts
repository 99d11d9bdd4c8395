import { buildSubmitRound } from '../../chain/write/index.ts'
import type { RoundSignature } from '../../risk/types/index.ts'
import { IntentExpiredError, RevertedError } from '../errors/ChainErrors.ts'
import { CosignMissingError } from '../errors/EngineErrors.ts'
import { submitIntent } from '../submitter/submitIntent.ts'
import type { EngineContext, Evaluation } from './EngineContext.ts'
import { needsSteward } from './needsSteward.ts'
import { roundRecord } from './roundRecord.ts'

/**
 * Submit: sends a fully signed round, exactly once or not at all. The round number makes it idempotent: whoever comes second finds it taken.
 *
 * A round that needs a steward's signature waits for one.
 *
 * @throws {CosignMissingError} No steward signed it in time.
 * @throws {RevertedError} The mandate refuses it.
 * @throws {IntentExpiredError} It was not mined in its time.
 */
export async function submitRound(context: EngineContext, evaluation: Evaluation, signatures: readonly RoundSignature[]): Promise<void> {
  const { identity, store, deployment, metrics, chain } = context
  const { round } = evaluation
  if (round === null) throw new TypeError('A halt is not submitted.')
  const { adjustment, digest } = round
  const cosign = await waitForCosign(context, evaluation, signatures)
  const call = buildSubmitRound(deployment, adjustment, signatures, cosign)
  const key = `round:${identity.scope}:${adjustment.round}:${digest}`
  store.saveRound(roundRecord(evaluation, 'sending', { signatures }))
  const intent = { key, stage: 'open', ...call, validUntil: adjustment.validUntil, detail: '' } as const
  const result = await submitIntent(context.submitter, intent, async () => {
    const lane = await chain.fetchProgress()
    return lane.round >= adjustment.round ? `round ${lane.round} is accepted` : null
  })
  metrics.transactions.inc({ purpose: 'round', outcome: result.kind })
  switch (result.kind) {
    case 'mined': {
      const { hash, nonce } = result.attempt
      // Stays `sent` until the accepted round is read back from the chain, which is what makes it `mined`.
      store.saveRound(
        roundRecord(evaluation, 'sent', { signatures, transaction: { hash, nonce, block: result.receipt.blockNumber.toString() } }),
      )
      return
    }
    case 'superseded':
      return
    case 'reverted': {
      const failure = new RevertedError({ intent: key, reason: result.error.message, hash: result.hash }, { cause: result.error })
      store.saveRound(roundRecord(evaluation, 'failed', { signatures, detail: failure.message }))
      throw failure
    }
    case 'expired': {
      const failure = new IntentExpiredError({ intent: key, validUntil: adjustment.validUntil })
      store.saveRound(roundRecord(evaluation, 'failed', { signatures, detail: failure.message }))
      throw failure
    }
  }
}

/** A steward's signature where the lane or the round's impact asks for one; null where none is needed, or the round is settled or too old to be sent. */
async function waitForCosign(
  context: EngineContext,
  evaluation: Evaluation,
  signatures: readonly RoundSignature[],
): Promise<RoundSignature | null> {
  const { mailbox, timing, chain, clock, signal, log, store, waiting } = context
  const { snapshot, round } = evaluation
  if (round === null) return null
  const { adjustment, digest } = round
  const need = needsSteward(snapshot.chain.lane, adjustment)
  if (need === null) return null
  const giveUpAt = context.elapsed() + timing.cosignTimeoutSeconds
  waiting.set(digest, { adjustment, digest, signatures, need, giveUpAt })
  log.warn({ scope: snapshot.scope, observedAt: snapshot.observedAt, digest, need }, 'round waits for a steward')
  context.onCosignNeeded(snapshot.scope, snapshot.observedAt, digest)
  try {
    for (;;) {
      const seen = mailbox.wakes()
      const cosign = mailbox.cosign(digest)
      if (cosign !== undefined) return cosign
      const now = await chain.fetchProgress()
      if (now.time > adjustment.validUntil || now.round >= adjustment.round) return null
      if (context.elapsed() > giveUpAt) {
        // A vote may have ended the probation or raised the limit meanwhile.
        if (needsSteward((await chain.fetchReading()).lane, adjustment) === null) return null
        const waitedSeconds = timing.cosignTimeoutSeconds
        const failure = new CosignMissingError({ scope: snapshot.scope, round: adjustment.round, digest, waitedSeconds })
        store.saveRound(roundRecord(evaluation, 'failed', { signatures, detail: failure.message }))
        throw failure
      }
      const given = new AbortController()
      const either = AbortSignal.any([given.signal, signal])
      await Promise.race([mailbox.next(seen, either), clock.sleep(timing.pollSeconds, either).catch(() => undefined)])
      given.abort()
      signal.throwIfAborted()
    }
  } finally {
    waiting.delete(digest)
  }
}
