import { existsSync, readFileSync } from 'node:fs'
import { CliError, notFoundError } from '../kit/CliError.ts'

/**
 * Reads a JSON document of ours and checks what it says it is.
 *
 * @param schema - Value of its `schema` field.
 * @param hint - What to do when the file does not exist.
 * @throws {CliError} The file is missing, not JSON, or another kind of document.
 */
export function readJson<Document extends { readonly schema: string; readonly version: number }>(
  file: string,
  schema: Document['schema'],
  version: Document['version'],
  hint = '',
): Document {
  if (!existsSync(file)) throw notFoundError(`There is no file ${file}.`, hint)
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new CliError('failure', `${file} is not JSON.`, '', { file }, { cause })
  }
  const found = (parsed ?? {}) as { readonly schema?: unknown; readonly version?: unknown }
  if (found.schema !== schema || found.version !== version) {
    throw new CliError('failure', `${file} is not a document "${schema}" of version ${version}.`, '', {
      file,
      schema: String(found.schema),
      version: String(found.version),
    })
  }
  return parsed as Document
}
