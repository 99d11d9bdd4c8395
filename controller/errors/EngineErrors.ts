import { FatalError, RetryableError } from '../../risk/errors/index.ts'
import type { Address, Hash, ScopeId, UnixSeconds } from '../../risk/types/index.ts'

/** This process computes with other numbers or other code than the configured engine: it refuses to sign. */
export class EngineMismatchError extends FatalError {
  override readonly name = 'EngineMismatchError'
  readonly context: { readonly what: 'numeric fingerprint' | 'engine build' | 'configuration'; readonly own: Hash; readonly expected: Hash }
  constructor(context: EngineMismatchError['context'], options?: ErrorOptions) {
    super(`The ${context.what} of this engine is ${context.own}; ${context.expected} is expected. It does not sign.`, options)
    this.context = context
  }
}

/** A proposed snapshot does not fit what this engine saw, or what it can check. */
export class SnapshotRefusedError extends RetryableError {
  override readonly name = 'SnapshotRefusedError'
  readonly context: {
    readonly snapshot: Hash
    readonly what: string
    readonly own: string
    readonly theirs: string
    readonly limit: string
  }
  constructor(context: SnapshotRefusedError['context'], options?: ErrorOptions) {
    const { snapshot, what, own, theirs, limit } = context
    super(`Snapshot ${snapshot} has ${what} ${theirs}; this engine has ${own} (limit ${limit}).`, options)
    this.context = context
  }
}

/** The same snapshot gave another round here than elsewhere: code or state differ, and a human must find out where. */
export class DisagreementError extends FatalError {
  override readonly name = 'DisagreementError'
  readonly context: { readonly scope: ScopeId; readonly observedAt: UnixSeconds; readonly own: Hash | null; readonly theirs: Hash }
  constructor(context: DisagreementError['context'], options?: ErrorOptions) {
    const { scope, observedAt, own, theirs } = context
    super(
      `The tick of ${new Date(observedAt * 1_000).toISOString()} for ${scope} gives digest ${own ?? 'none (halt)'} here and ${theirs} elsewhere, from the same snapshot.`,
      options,
    )
    this.context = context
  }
}

/** Too few engines signed a round in its time. */
export class TooFewSignaturesError extends RetryableError {
  override readonly name = 'TooFewSignaturesError'
  readonly context: { readonly digest: Hash; readonly given: number; readonly needed: number; readonly refusals: readonly string[] }
  constructor(context: TooFewSignaturesError['context'], options?: ErrorOptions) {
    super(
      `Round ${context.digest} has ${context.given} of ${context.needed} signatures: ${context.refusals.join('; ') || 'no engine answered'}.`,
      options,
    )
    this.context = context
  }
}

/** A round that needs a steward's signature got none in its time; it may still be signed at another engine. */
export class CosignMissingError extends RetryableError {
  override readonly name = 'CosignMissingError'
  readonly context: { readonly scope: ScopeId; readonly round: number; readonly digest: Hash; readonly waitedSeconds: number }
  constructor(context: CosignMissingError['context'], options?: ErrorOptions) {
    const { scope, round, digest, waitedSeconds } = context
    super(`No steward signed round ${round} of ${scope}, ${digest}, within ${waitedSeconds} s.`, options)
    this.context = context
  }
}

/** Neither this engine nor its peers hold a document. */
export class MissingDocumentError extends RetryableError {
  override readonly name = 'MissingDocumentError'
  readonly context: { readonly hash: Hash; readonly asked: readonly string[] }
  constructor(context: MissingDocumentError['context'], options?: ErrorOptions) {
    super(`Document ${context.hash} is neither in the store nor with ${context.asked.join(', ') || 'any peer'}.`, options)
    this.context = context
  }
}

/** A document is not what its name says. */
export class InvalidDocumentError extends RetryableError {
  override readonly name = 'InvalidDocumentError'
  readonly context: { readonly hash: Hash; readonly detail: string }
  constructor(context: InvalidDocumentError['context'], options?: ErrorOptions) {
    super(`Document ${context.hash} cannot be used: ${context.detail}.`, options)
    this.context = context
  }
}

/** A peer did not answer, or refused. `code` is for programs, `detail` for people. */
export class PeerError extends RetryableError {
  override readonly name = 'PeerError'
  readonly context: {
    readonly peer: Address
    readonly code: string
    readonly detail: string
    readonly claimed?: { readonly digest: Hash; readonly snapshot: Hash }
  }
  constructor(context: PeerError['context'], options?: ErrorOptions) {
    super(`Engine ${context.peer} answered ${context.code}: ${context.detail}`, options)
    this.context = context
  }
}

/** The chain's idea of engines, contracts or rules is not the configured one. */
export class DeploymentMismatchError extends FatalError {
  override readonly name = 'DeploymentMismatchError'
  readonly context: { readonly problems: readonly string[] }
  constructor(context: DeploymentMismatchError['context'], options?: ErrorOptions) {
    super(`The chain does not match the configuration: ${context.problems.join('; ')}.`, options)
    this.context = context
  }
}
