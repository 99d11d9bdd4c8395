import { FatalError, RetryableError } from '../../risk/errors/index.ts'

/** The file holds the index of another chain or deployment. */
export class OtherIndexError extends FatalError {
  override readonly name = 'OtherIndexError'
  readonly context: { readonly path: string; readonly field: string; readonly found: string; readonly expected: string }
  constructor(context: OtherIndexError['context'], options?: ErrorOptions) {
    super(`${context.path} is the index of ${context.field} ${context.found}, not of ${context.expected}. Name another file.`, options)
    this.context = context
  }
}

/** Another process writes this index. */
export class IndexLockedError extends FatalError {
  override readonly name = 'IndexLockedError'
  readonly context: { readonly path: string }
  constructor(context: IndexLockedError['context'], options?: ErrorOptions) {
    super(`${context.path} is being written by another process. Stop it, or name another file.`, options)
    this.context = context
  }
}

/** A newer version of this program wrote the file. */
export class IndexVersionError extends FatalError {
  override readonly name = 'IndexVersionError'
  readonly context: { readonly path: string; readonly found: number; readonly newest: number }
  constructor(context: IndexVersionError['context'], options?: ErrorOptions) {
    super(
      `${context.path} is an index of schema version ${context.found}; this program knows versions up to ${context.newest}. Run the newer program, or name another file.`,
      options,
    )
    this.context = context
  }
}

/** The file is no index, or damaged. It can be made again from the chain. */
export class IndexCorruptError extends FatalError {
  override readonly name = 'IndexCorruptError'
  readonly context: { readonly path: string; readonly detail: string }
  constructor(context: IndexCorruptError['context'], options?: ErrorOptions) {
    super(`${context.path} cannot be used as an index: ${context.detail}. Remove it; it is built again from the chain.`, options)
    this.context = context
  }
}

/** What the node delivered contradicts itself, the hash chain, or what it said before. Nothing of it was applied. */
export class UntrueNodeError extends RetryableError {
  override readonly name = 'UntrueNodeError'
  readonly context: { readonly what: string; readonly expected: string; readonly got: string }
  constructor(context: UntrueNodeError['context'], options?: ErrorOptions) {
    super(`The chain's node is not to be believed: ${context.what} is ${context.got}, expected ${context.expected}.`, options)
    this.context = context
  }
}
