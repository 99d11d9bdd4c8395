import { FatalError, RetryableError } from '../../risk/errors/index.ts'
import type { Hash, ScopeId, Seconds, UnixSeconds } from '../../risk/types/index.ts'

/** The node answers, but with an old head. */
export class StaleHeadError extends RetryableError {
  override readonly name = 'StaleHeadError'
  readonly context: {
    readonly scope: ScopeId
    readonly headTime: UnixSeconds
    readonly ageSeconds: Seconds
    readonly maxAgeSeconds: Seconds
  }
  constructor(context: StaleHeadError['context'], options?: ErrorOptions) {
    super(`The chain's head is ${context.ageSeconds} s behind; the limit is ${context.maxAgeSeconds} s.`, options)
    this.context = context
  }
}

/** A transaction would revert, or did. */
export class RevertedError extends FatalError {
  override readonly name = 'RevertedError'
  readonly context: { readonly intent: string; readonly reason: string; readonly hash: Hash | null }
  constructor(context: RevertedError['context'], options?: ErrorOptions) {
    super(`${context.intent} ${context.hash === null ? 'would revert' : `reverted in ${context.hash}`}: ${context.reason}.`, options)
    this.context = context
  }
}

/** Fees rose above the cap that the operator set; the send waits. */
export class FeeCapError extends RetryableError {
  override readonly name = 'FeeCapError'
  readonly context: { readonly neededWei: string; readonly capWei: string }
  constructor(context: FeeCapError['context'], options?: ErrorOptions) {
    super(`Sending needs ${context.neededWei} wei per gas; the cap is ${context.capWei}.`, options)
    this.context = context
  }
}

/** The time in which a transaction could have had an effect passed before it was mined. */
export class IntentExpiredError extends RetryableError {
  override readonly name = 'IntentExpiredError'
  readonly context: { readonly intent: string; readonly validUntil: number }
  constructor(context: IntentExpiredError['context'], options?: ErrorOptions) {
    super(`${context.intent} was not mined before ${new Date(context.validUntil * 1_000).toISOString()}.`, options)
    this.context = context
  }
}
