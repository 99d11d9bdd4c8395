import { buildSubmitRound } from '../../chain/write/index.ts'
import type { RoundSignature } from '../../risk/types/index.ts'
import { IntentExpiredError, RevertedError } from '../errors/ChainErrors.ts'
import { submitIntent } from '../submitter/submitIntent.ts'
import type { EngineContext, Evaluation } from './EngineContext.ts'
import { roundRecord } from './roundRecord.ts'

/**
 * Submit: sends a fully signed round, exactly once or not at all. The round number makes it idempotent: whoever comes second finds it taken.
 *
 * A lane that asks for a steward's signature waits for one until the round expires.
 *
 * @throws {RevertedError} The mandate refuses it.
 * @throws {IntentExpiredError} It was not mined in its time.
 */
export async function submitRound(context: EngineContext, evaluation: Evaluation, signatures: readonly RoundSignature[]): Promise<void> {
  const { identity, store, deployment, metrics, chain } = context
  const { round } = evaluation
  if (round === null) throw new TypeError('A halt is not submitted.')
  const { adjustment, digest } = round
  const cosign = await waitForCosign(context, evaluation)
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

/** A steward's signature where the lane or the round's impact asks for one; null where none is needed, or none came in time. */
async function waitForCosign(context: EngineContext, { snapshot, round }: Evaluation): Promise<RoundSignature | null> {
  const { mailbox, timing, chain, clock, signal, log } = context
  const { lane } = snapshot.chain
  if (round === null) return null
  const { adjustment, digest } = round
  const overLimit = adjustment.impactAccounts > lane.impactAccountsLimit || adjustment.impactNotional > BigInt(lane.impactNotionalLimit)
  if (!lane.powers.cosigned && !overLimit) return null
  log.warn({ scope: snapshot.scope, observedAt: snapshot.observedAt, digest, overLimit }, 'round waits for a steward')
  context.onCosignNeeded(snapshot.scope, snapshot.observedAt, digest)
  const giveUpAt = context.elapsed() + timing.cosignTimeoutSeconds
  for (;;) {
    const cosign = mailbox.cosign(digest)
    if (cosign !== undefined) return cosign
    const now = await chain.fetchProgress()
    if (now.time > adjustment.validUntil || context.elapsed() > giveUpAt || now.round >= adjustment.round) return null
    const seen = mailbox.wakes()
    if (mailbox.cosign(digest) !== undefined) continue
    const given = new AbortController()
    const either = AbortSignal.any([given.signal, signal])
    await Promise.race([mailbox.next(seen, either), clock.sleep(timing.pollSeconds, either).catch(() => undefined)])
    given.abort()
    signal.throwIfAborted()
  }
}
