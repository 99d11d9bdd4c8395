import { usageError } from '../kit/CliError.ts'

/**
 * Splits `name=value`, as `--set` takes it.
 *
 * @throws {CliError} There is no name or no `=`.
 */
export function parseAssignment(text: string, option = '--set', example = 'priceScanRange="26 %"'): [name: string, value: string] {
  const at = text.indexOf('=')
  if (at < 1) throw usageError(`${option} is ${JSON.stringify(text)}; it must be a name, = and a value, like ${example}.`)
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}
