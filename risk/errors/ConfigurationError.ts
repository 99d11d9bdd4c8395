import { FatalError } from './BallastError.ts'

/** One thing that is wrong with a configuration. */
export type ConfigurationProblem = { readonly path: string; readonly got: string; readonly limit: string }

/** A configuration file is wrong; every problem is listed, not only the first. */
export class ConfigurationError extends FatalError {
  override readonly name = 'ConfigurationError'
  readonly context: { readonly what: string; readonly problems: readonly ConfigurationProblem[] }
  constructor(what: string, problems: readonly ConfigurationProblem[], options?: ErrorOptions) {
    const lines = problems.map(({ path, got, limit }) => `  ${path}: ${got}; it must be ${limit}`)
    super(`${what} has ${problems.length} problem${problems.length === 1 ? '' : 's'}:\n${lines.join('\n')}`, options)
    this.context = { what, problems }
  }
}
