import { BallastError } from '../../risk/errors/index.ts'
import type { Address, Hex } from '../../risk/types/index.ts'

export type RevertContext = {
  /** Contract that was called, null when the chain did not say. */
  readonly to: Address | null
  /** Name of the custom error, for example `RiskParameters_OutOfBounds`; `Error` or `Panic` for Solidity's own, null for bytes we do not know. */
  readonly errorName: string | null
  /** Arguments by name, as decoded by the ABI. */
  readonly args: Readonly<Record<string, unknown>>
  readonly data: Hex
  /** The same in words and human units. */
  readonly sentence: string
}

/**
 * A contract refused a call. It is neither retryable nor fatal by itself: the subclasses that a loop must tell apart say what it means,
 * any other is a fault of the call.
 */
export class ContractRevertError extends BallastError {
  override readonly name: string = 'ContractRevertError'
  readonly context: RevertContext
  constructor(context: RevertContext, options?: ErrorOptions) {
    super(context.sentence, options)
    this.context = context
  }
}

/** Another accepted round has this number or a newer observation: ours is settled, successfully or not, and must not be sent again. */
export class RoundSupersededError extends ContractRevertError {
  override readonly name = 'RoundSupersededError'
}

/** The round's `validUntil` has passed: drop it, the next tick makes a new one. */
export class RoundExpiredError extends ContractRevertError {
  override readonly name = 'RoundExpiredError'
}

/** Only registered engines may submit before `args.openAt`; try again then. */
export class SubmitterOnlyError extends ContractRevertError {
  override readonly name = 'SubmitterOnlyError'
}

/** A steward must sign the same digest first. */
export class CosignRequiredError extends ContractRevertError {
  override readonly name = 'CosignRequiredError'
}

/** The lane is closed, paused or its mandate has expired: only the DAO can change that. */
export class LaneNotOpenError extends ContractRevertError {
  override readonly name = 'LaneNotOpenError'
}

/** The epoch was revoked or the engines were replaced: read the epoch again, old signatures are void. */
export class EpochChangedError extends ContractRevertError {
  override readonly name = 'EpochChangedError'
}

/** A pending loosening cannot be executed now; `errorName` and `args` say why. */
export class LooseningNotExecutableError extends ContractRevertError {
  override readonly name = 'LooseningNotExecutableError'
}
