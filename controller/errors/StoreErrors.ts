import { FatalError, RetryableError } from '../../risk/errors/index.ts'
import type { Hash, ScopeId } from '../../risk/types/index.ts'

/** Another process holds the store. Two engines on one store could send twice, so the second one stops. */
export class StoreLockedError extends FatalError {
  override readonly name = 'StoreLockedError'
  readonly context: { readonly path: string }
  constructor(context: StoreLockedError['context'], options?: ErrorOptions) {
    super(`The store ${context.path} is in use by another process; stop it, or give this one a store of its own.`, options)
    this.context = context
  }
}

/** The file is not a store, or its bytes are damaged. */
export class StoreCorruptError extends FatalError {
  override readonly name = 'StoreCorruptError'
  readonly context: { readonly path: string; readonly detail: string }
  constructor(context: StoreCorruptError['context'], options?: ErrorOptions) {
    super(
      `The store ${context.path} is damaged: ${context.detail}. Move it away; the engine catches up from its peers' documents.`,
      options,
    )
    this.context = context
  }
}

/** No room for the write; nothing of it was kept. Trying again helps once there is room. */
export class StoreFullError extends RetryableError {
  override readonly name = 'StoreFullError'
  readonly context: { readonly path: string }
  constructor(context: StoreFullError['context'], options?: ErrorOptions) {
    super(`The store ${context.path} is full; free space on its disk. Nothing of this write was kept.`, options)
    this.context = context
  }
}

/** The file or its folder cannot be written, or does not exist. */
export class StoreUnwritableError extends FatalError {
  override readonly name = 'StoreUnwritableError'
  readonly context: { readonly path: string; readonly detail: string }
  constructor(context: StoreUnwritableError['context'], options?: ErrorOptions) {
    super(
      `The store ${context.path} cannot be opened or written: ${context.detail}. Check that the folder exists and its permissions.`,
      options,
    )
    this.context = context
  }
}

/** The store was written by a newer version of this program. */
export class StoreVersionError extends FatalError {
  override readonly name = 'StoreVersionError'
  readonly context: { readonly path: string; readonly found: number; readonly newest: number }
  constructor(context: StoreVersionError['context'], options?: ErrorOptions) {
    super(`The store ${context.path} has schema version ${context.found}; this program knows versions up to ${context.newest}.`, options)
    this.context = context
  }
}

/** A copy of a store cannot be made or used. */
export class BackupError extends FatalError {
  override readonly name = 'BackupError'
  readonly context: { readonly path: string; readonly detail: string }
  constructor(context: BackupError['context'], options?: ErrorOptions) {
    super(`${context.path}: ${context.detail}.`, options)
    this.context = context
  }
}

/** This engine already signed another digest for the round, and that one may still be accepted. */
export class EquivocationError extends FatalError {
  override readonly name = 'EquivocationError'
  readonly context: { readonly scope: ScopeId; readonly round: number; readonly claimed: Hash; readonly digest: Hash }
  constructor(context: EquivocationError['context'], options?: ErrorOptions) {
    super(
      `Round ${context.round} of ${context.scope} is already signed with digest ${context.claimed}; ${context.digest} is another one. An engine signs one digest per round.`,
      options,
    )
    this.context = context
  }
}
