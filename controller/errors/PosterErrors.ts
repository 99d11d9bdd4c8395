import { RetryableError } from '../../risk/errors/index.ts'
import type { Seconds } from '../../risk/types/index.ts'

/** Fewer surface signatures than the oracle asks for; the surface is not posted in this tick. */
export class SurfaceSignaturesError extends RetryableError {
  override readonly name = 'SurfaceSignaturesError'
  readonly context: { readonly version: number; readonly given: number; readonly needed: number; readonly refusals: readonly string[] }
  constructor(context: SurfaceSignaturesError['context'], options?: ErrorOptions) {
    const { version, given, needed, refusals } = context
    super(`Surface ${version} has ${given} of ${needed} signatures: ${refusals.join('; ') || 'no other engine was asked'}.`, options)
    this.context = context
  }
}

/** Posting took longer than it may; what was not sent waits for the next tick. */
export class PostingTimeoutError extends RetryableError {
  override readonly name = 'PostingTimeoutError'
  readonly context: { readonly timeoutSeconds: Seconds }
  constructor(context: PostingTimeoutError['context'], options?: ErrorOptions) {
    super(
      `Posting took longer than surface.timeoutSeconds, ${context.timeoutSeconds} s; what was not sent waits for the next tick.`,
      options,
    )
    this.context = context
  }
}
