import { RetryableError } from '../../risk/errors/index.ts'

/** A request that is refused: HTTP status, a code for programs and a sentence for people. */
export class HttpFault extends RetryableError {
  override readonly name = 'HttpFault'
  readonly context: { readonly status: number; readonly code: string; readonly more: object }
  constructor(status: number, code: string, sentence: string, more: object = {}, options?: ErrorOptions) {
    super(sentence, options)
    this.context = { status, code, more }
  }
}
