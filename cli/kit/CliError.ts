import { FatalError } from '../../risk/errors/index.ts'
import type { Json } from '../../risk/types/index.ts'
import { type ExitCode, exitCodes } from './exitCodes.ts'

/** Why a command stopped. The name of the kind is the `code` of the JSON form and decides the exit code. */
export type FailureKind = Exclude<keyof typeof exitCodes, 'ok'>

/** A failure with what the reader can do about it. */
export class CliError extends FatalError {
  override readonly name = 'CliError'
  readonly kind: FailureKind
  /** What to do next, one sentence; empty when there is nothing to add. */
  readonly hint: string
  readonly context: { readonly [key: string]: Json }
  constructor(kind: FailureKind, message: string, hint = '', context: { readonly [key: string]: Json } = {}, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
    this.hint = hint
    this.context = context
  }

  get exitCode(): ExitCode {
    return exitCodes[this.kind]
  }
}

/** An argument or option that cannot be understood. */
export function usageError(message: string, hint = '', context: { readonly [key: string]: Json } = {}): CliError {
  return new CliError('usage', message, hint, context)
}

/** Something named on the command line does not exist. */
export function notFoundError(message: string, hint = '', context: { readonly [key: string]: Json } = {}): CliError {
  return new CliError('notFound', message, hint, context)
}
