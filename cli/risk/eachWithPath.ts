import { ConfigurationError, type ConfigurationProblem, InvalidInputError, OutOfRangeError } from '../../risk/errors/index.ts'

/**
 * Maps the items of a file and gathers what is wrong with any of them, so that one run names every problem with its path, value and limit.
 *
 * @param name - What messages call the file.
 * @throws {ConfigurationError} One or more items are outside a domain.
 */
export function eachWithPath<Item extends { readonly path: string }, Result>(
  name: string,
  items: readonly Item[],
  map: (item: Item, index: number) => Result,
): Result[] {
  const problems: ConfigurationProblem[] = []
  const results = items.flatMap((item, i) => {
    try {
      return [map(item, i)]
    } catch (error) {
      problems.push(...problemsOf(error, item.path))
      return []
    }
  })
  if (problems.length > 0) throw new ConfigurationError(name, problems)
  return results
}

/** The facts of a failure of the risk engine as problems at `path`. Anything else is thrown on. */
export function problemsOf(error: unknown, path: string): ConfigurationProblem[] {
  if (error instanceof ConfigurationError)
    return error.context.problems.map((problem) => ({ ...problem, path: path + problem.path.slice(1) }))
  if (error instanceof InvalidInputError) {
    const { argument, got, limit } = error.context
    return [{ path: `${path}, ${argument}`, got: String(got), limit }]
  }
  if (error instanceof OutOfRangeError) {
    const { quantity, got, floor, ceiling } = error.context
    return [{ path: `${path}, ${quantity}`, got: String(got), limit: `from ${floor} to ${ceiling}` }]
  }
  throw error
}
