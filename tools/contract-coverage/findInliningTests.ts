import { posix } from 'node:path'
import type { Source } from '../faults.ts'

/**
 * Solidity tests that compile libraries of contracts/ into themselves and no contract: what they reach of a library is their own code's doing, not a deployed
 * artifact's. Tests that know contracts only by their types deploy artifacts. Functions of interface files are in every contract and do not count.
 *
 * @param sources - All Solidity files of contracts/ and test/contracts/.
 * @returns Paths of the test files.
 */
export function findInliningTests(sources: readonly Source[]): readonly string[] {
  const texts = new Map(sources.map(({ path, text }) => [path, text]))
  const importsOf = (path: string): string[] =>
    [...(texts.get(path) ?? '').matchAll(/^import\b[^;]*?"(\.[^"]+)";/gm)].map(([, to = '']) => posix.join(posix.dirname(path), to))
  const reachable = (path: string): Set<string> => {
    const found = new Set([path])
    for (const file of found) for (const next of importsOf(file)) found.add(next)
    return found
  }
  const declares = (path: string, kind: RegExp): boolean => /^contracts\/(?!interfaces\/)/.test(path) && kind.test(texts.get(path) ?? '')
  return [...texts.keys()].filter((path) => {
    if (!path.endsWith('.t.sol')) return false
    const files = [...reachable(path)]
    return files.some((file) => declares(file, /^(library|function) /m)) && !files.some((file) => declares(file, /^(abstract )?contract /m))
  })
}
