import { CliError } from './CliError.ts'
import { findJsonFault } from './findJsonFault.ts'
import type { InputText } from './readInput.ts'

/**
 * Parses JSON somebody wrote.
 *
 * @throws {CliError} It is not JSON; line and column are named.
 */
export function parseJson({ name, text }: InputText): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const at = findJsonFault(text)
    const before = text.slice(0, at)
    const line = before.split('\n').length
    const column = before.length - before.lastIndexOf('\n')
    const what = at >= text.length ? 'it ends too early' : `at ${JSON.stringify(text.slice(at, at + 12))}`
    throw new CliError('configuration', `${name}, line ${line}, column ${column}: not JSON, ${what}.`, '', { line, column }, { cause })
  }
}
