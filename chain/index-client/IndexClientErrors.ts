import { FatalError, RetryableError } from '../../risk/errors/index.ts'

/** The index did not answer. */
export class IndexUnavailableError extends RetryableError {
  override readonly name = 'IndexUnavailableError'
  readonly context: { readonly host: string; readonly detail: string }
  constructor(context: IndexUnavailableError['context'], options?: ErrorOptions) {
    super(`The index at ${context.host} did not answer: ${context.detail}`, options)
    this.context = context
  }
}

/** The index went on or back while a list was read page by page. */
export class IndexMovedError extends RetryableError {
  override readonly name = 'IndexMovedError'
  readonly context: { readonly list: string; readonly from: number | null; readonly to: number | null }
  constructor(context: IndexMovedError['context'], options?: ErrorOptions) {
    super(`The index moved from block ${context.from} to ${context.to} while its ${context.list} were read.`, options)
    this.context = context
  }
}

/** The index answered that it will not answer this: a wrong argument, or too much at once. */
export class IndexRefusedError extends FatalError {
  override readonly name = 'IndexRefusedError'
  readonly context: { readonly host: string; readonly detail: string }
  constructor(context: IndexRefusedError['context'], options?: ErrorOptions) {
    super(`The index at ${context.host} refused the query: ${context.detail}`, options)
    this.context = context
  }
}
