import { FatalError } from './BallastError.ts'

/** An argument is outside the domain of a public function. */
export class InvalidInputError extends FatalError {
  override readonly name = 'InvalidInputError'
  readonly context: { readonly argument: string; readonly got: unknown; readonly limit: string }
  /** @param context - Argument name, what was given, and what is allowed, in words. */
  constructor(context: InvalidInputError['context'], options?: ErrorOptions) {
    super(`${context.argument} is ${String(context.got)}; it must be ${context.limit}.`, options)
    this.context = context
  }
}
