import { InvalidInputError } from '../errors/index.ts'
import { canonicalJson, contentHash } from '../hash/index.ts'
import type { Hash } from '../types/index.ts'

/** One source file of the engine: path inside the project with forward slashes, and its text. */
export type EngineFile = { readonly path: string; readonly text: string }
/** A runtime dependency as the lockfile has it. */
export type EngineDependency = { readonly name: string; readonly version: string; readonly integrity: string }

/**
 * Build hash of the engine: the sorted pairs of path and hash of the file's text with LF line ends, the sorted locked runtime dependencies, and the
 * numeric fingerprint. The version of Node is not part of it: the fingerprint says whether a machine computes the same numbers.
 *
 * @param files - Every file of `risk/`, any order.
 * @param dependencies - What `risk/` imports from packages, any order.
 * @throws {InvalidInputError} No file, or a path or name twice.
 */
export function engineBuildHash(files: readonly EngineFile[], dependencies: readonly EngineDependency[], fingerprint: Hash): Hash {
  if (files.length === 0) throw new InvalidInputError({ argument: 'files', got: 'none', limit: 'one or more' })
  assertUnique(
    'files',
    files.map(({ path }) => path),
  )
  assertUnique(
    'dependencies',
    dependencies.map(({ name }) => name),
  )
  const hashed = files.map(({ path, text }): [string, Hash] => [path, contentHash(text.replaceAll('\r\n', '\n'))])
  return contentHash(
    canonicalJson({
      schema: 'ballast.engineBuild',
      version: 1,
      files: hashed.sort(([a], [b]) => (a < b ? -1 : 1)),
      dependencies: dependencies
        .map(({ name, version, integrity }) => [name, version, integrity])
        .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
      fingerprint,
    }),
  )
}

function assertUnique(argument: string, names: readonly string[]): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new InvalidInputError({ argument, got: `${twice} twice`, limit: 'each once' })
}
