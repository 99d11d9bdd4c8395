import { randomUUID } from 'node:crypto'
import type { Call } from '../../chain/write/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
import { IntentExpiredError } from '../errors/ChainErrors.ts'
import type { Metrics } from '../http/metrics.ts'
import { type SubmitterContext, submitIntent } from '../submitter/submitIntent.ts'
import type { PosterContext } from './runPosterTick.ts'

/**
 * Sends the calls of one posting one after the other through the submitter. Each posting has intents of its own, so a process that was killed leaves nothing that the next one takes for
 * its own: that looks at the chain anew, and its transaction takes the nonce of one that is still under way.
 *
 * @param validUntil - Chain time after which none is worth sending.
 * @throws from the function: {ContractRevertError} the contract refuses the call; {IntentExpiredError} it was not mined in time.
 */
export function sendCalls(submitter: SubmitterContext, metrics: Metrics, name: string, validUntil: UnixSeconds): PosterContext['send'] {
  const posting = `${name}:${randomUUID()}`
  let sent = 0
  return async (call: Call) => {
    const key = `${posting}:${sent++}`
    const result = await submitIntent(submitter, { key, stage: 'open', ...call, validUntil, detail: '' }, async () => null)
    metrics.transactions.inc({ purpose: 'surface', outcome: result.kind })
    switch (result.kind) {
      case 'mined':
        return result.receipt
      case 'reverted':
        throw result.error
      case 'superseded':
      case 'expired':
        throw new IntentExpiredError({ intent: key, validUntil })
    }
  }
}
