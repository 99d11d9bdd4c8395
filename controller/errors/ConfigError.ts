import { FatalError } from '../../risk/errors/index.ts'

/** One thing that is wrong with a configuration. */
export type ConfigProblem = {
  /** Dotted path of the key, or the name of a variable or file. */
  readonly path: string
  /** What is wrong, with the value given and the limit. */
  readonly problem: string
}

/** A configuration that cannot be used; every problem is named. */
export class ConfigError extends FatalError {
  override readonly name = 'ConfigError'
  readonly context: { readonly problems: readonly ConfigProblem[] }
  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(
      `The configuration has ${problems.length} problem(s): ${problems.map(({ path, problem }) => `${path}: ${problem}`).join('; ')}.`,
      options,
    )
    this.context = { problems }
  }
}
