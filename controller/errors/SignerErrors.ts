import { FatalError } from '../../risk/errors/index.ts'

/** The password does not open the keystore. */
export class WrongPasswordError extends FatalError {
  override readonly name = 'WrongPasswordError'
  readonly context: { readonly path: string }
  constructor(context: WrongPasswordError['context'], options?: ErrorOptions) {
    super(`The password does not open the keystore ${context.path}.`, options)
    this.context = context
  }
}

/** A file is not a keystore of version 3, or uses something that this program does not open. */
export class InvalidKeystoreError extends FatalError {
  override readonly name = 'InvalidKeystoreError'
  readonly context: { readonly path: string; readonly detail: string }
  constructor(context: InvalidKeystoreError['context'], options?: ErrorOptions) {
    super(`${context.path} is not a keystore that can be opened: ${context.detail}.`, options)
    this.context = context
  }
}

/** A secret that the configuration asks for is not in the environment. */
export class MissingSecretError extends FatalError {
  override readonly name = 'MissingSecretError'
  readonly context: { readonly variable: string; readonly what: string }
  constructor(context: MissingSecretError['context'], options?: ErrorOptions) {
    super(`The environment variable ${context.variable} must hold ${context.what}.`, options)
    this.context = context
  }
}
