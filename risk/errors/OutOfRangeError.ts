import { FatalError } from './BallastError.ts'

/** A quantity does not fit its unit. */
export class OutOfRangeError extends FatalError {
  override readonly name = 'OutOfRangeError'
  readonly context: {
    readonly quantity: string
    readonly got: number | bigint
    readonly floor: number | bigint
    readonly ceiling: number | bigint
  }
  constructor(context: OutOfRangeError['context'], options?: ErrorOptions) {
    super(`${context.quantity} is ${context.got}; the range is ${context.floor} to ${context.ceiling}.`, options)
    this.context = context
  }
}
