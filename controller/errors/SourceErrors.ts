import { FatalError, RetryableError } from '../../risk/errors/index.ts'
import type { Seconds, UnixSeconds } from '../../risk/types/index.ts'

/** The newest datum of a source is too old to decide on; the tick holds. */
export class StaleFeedError extends RetryableError {
  override readonly name = 'StaleFeedError'
  readonly context: { readonly source: string; readonly ageSeconds: Seconds; readonly maxAgeSeconds: Seconds }
  constructor(context: StaleFeedError['context'], options?: ErrorOptions) {
    super(`The newest bar of ${context.source} is ${context.ageSeconds} s old; the limit is ${context.maxAgeSeconds} s.`, options)
    this.context = context
  }
}

/** A source has nothing for the time asked. */
export class UnavailableError extends RetryableError {
  override readonly name = 'UnavailableError'
  readonly context: { readonly source: string; readonly what: string; readonly time: UnixSeconds }
  constructor(context: UnavailableError['context'], options?: ErrorOptions) {
    super(`${context.source} has no ${context.what} at ${new Date(context.time * 1_000).toISOString()}.`, options)
    this.context = context
  }
}

/** The newest price is one that no market made, or the bars do not fit together; the tick holds until later bars tell. */
export class BadPrintError extends RetryableError {
  override readonly name = 'BadPrintError'
  readonly context: { readonly source: string; readonly detail: string }
  constructor(context: BadPrintError['context'], options?: ErrorOptions) {
    super(`${context.source} cannot seed a state: ${context.detail}`, options)
    this.context = context
  }
}

/** No recording fits the market and the time. */
export class NoRecordingError extends FatalError {
  override readonly name = 'NoRecordingError'
  readonly context: {
    readonly directory: string
    readonly market: string
    readonly from: UnixSeconds
    readonly to: UnixSeconds
    readonly found: readonly string[]
  }
  constructor(context: NoRecordingError['context'], options?: ErrorOptions) {
    const day = (time: UnixSeconds): string => new Date(time * 1_000).toISOString()
    super(
      `${context.directory} holds no bars of ${context.market} from ${day(context.from)} to ${day(context.to)}; it has ${context.found.join(', ') || 'no recordings of that market'}.`,
      options,
    )
    this.context = context
  }
}

/** The newest surface of a desk or a recording is too old to be posted. */
export class StaleSurfaceError extends RetryableError {
  override readonly name = 'StaleSurfaceError'
  readonly context: { readonly source: string; readonly ageSeconds: Seconds; readonly maxAgeSeconds: Seconds }
  constructor(context: StaleSurfaceError['context'], options?: ErrorOptions) {
    super(`The newest surface of ${context.source} is ${context.ageSeconds} s old; the limit is ${context.maxAgeSeconds} s.`, options)
    this.context = context
  }
}

/** A file that should be a surface is none. */
export class BadSurfaceError extends RetryableError {
  override readonly name = 'BadSurfaceError'
  readonly context: { readonly file: string; readonly detail: string }
  constructor(context: BadSurfaceError['context'], options?: ErrorOptions) {
    super(`${context.file} gives no surface: ${context.detail}`, options)
    this.context = context
  }
}
