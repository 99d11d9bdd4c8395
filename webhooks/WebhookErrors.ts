import { FatalError } from '../risk/errors/index.ts'

/** A request that is not to be believed. A receiver answers 400 to it and does nothing. */
export class WebhookRefusedError extends FatalError {
  override readonly name = 'WebhookRefusedError'
  readonly context: { readonly code: 'headers' | 'clock' | 'signature' | 'repeated' | 'body'; readonly detail: string }
  constructor(context: WebhookRefusedError['context'], options?: ErrorOptions) {
    super(`The webhook is refused: ${context.detail}.`, options)
    this.context = context
  }
}

/** The settings cannot be used. */
export class WebhookSettingsError extends FatalError {
  override readonly name = 'WebhookSettingsError'
  readonly context: { readonly what: string; readonly got: string; readonly limit: string }
  constructor(context: WebhookSettingsError['context'], options?: ErrorOptions) {
    super(`${context.what} is ${context.got}; it must be ${context.limit}.`, options)
    this.context = context
  }
}

/** The outbox cannot be opened. */
export class OutboxError extends FatalError {
  override readonly name = 'OutboxError'
  readonly context: { readonly path: string; readonly detail: string }
  constructor(context: OutboxError['context'], options?: ErrorOptions) {
    super(`The outbox ${context.path} cannot be used: ${context.detail}.`, options)
    this.context = context
  }
}
