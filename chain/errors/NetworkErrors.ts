import { FatalError, RetryableError } from '../../risk/errors/index.ts'
import type { Hash } from '../../risk/types/index.ts'

/** The node did not answer, or answered that it cannot now. */
export class RpcUnavailableError extends RetryableError {
  override readonly name = 'RpcUnavailableError'
  readonly context: { readonly method: string; readonly detail: string }
  constructor(context: RpcUnavailableError['context'], options?: ErrorOptions) {
    super(`The chain's node did not answer ${context.method}: ${context.detail}`, options)
    this.context = context
  }
}

/** The node serves another chain than the deployment is on. */
export class WrongChainError extends FatalError {
  override readonly name = 'WrongChainError'
  readonly context: { readonly got: number; readonly expected: number }
  constructor(context: WrongChainError['context'], options?: ErrorOptions) {
    super(`The node serves chain ${context.got}; the deployment is on chain ${context.expected}.`, options)
    this.context = context
  }
}

/** The node answered null, or fewer blocks or logs than exist: trusting it would lose events. */
export class MissingDataError extends RetryableError {
  override readonly name = 'MissingDataError'
  readonly context: { readonly what: string; readonly detail: string }
  constructor(context: MissingDataError['context'], options?: ErrorOptions) {
    super(`The chain's node did not deliver ${context.what}: ${context.detail}`, options)
    this.context = context
  }
}

/** A transaction was mined and reverted. */
export class TransactionRevertedError extends RetryableError {
  override readonly name = 'TransactionRevertedError'
  readonly context: { readonly hash: Hash; readonly block: bigint; readonly gasUsed: bigint }
  constructor(context: TransactionRevertedError['context'], options?: ErrorOptions) {
    super(`Transaction ${context.hash} was mined in block ${context.block} and reverted after ${context.gasUsed} gas.`, options)
    this.context = context
  }
}
