import { FatalError } from '../errors/index.ts'

/** A call that the store or the mandate refuses as a whole. Mirrors a Solidity custom error: same name, same arguments in the same order. */
export class RuleViolationError extends FatalError {
  override readonly name = 'RuleViolationError'
  readonly context: { readonly error: string; readonly args: readonly (string | number)[] }
  constructor(error: string, args: readonly (string | number)[]) {
    super(`${error}(${args.join(', ')})`)
    this.context = { error, args }
  }
}
