// Holds the import arrows of the architecture: who may know whom. Part of `npm run check`.
import { posix } from 'node:path'
import ts from 'typescript'
import type { Fault, Source } from './faults.ts'

type Row = {
  /** Folders or files, without extension, that may be imported; the folder itself always may. `*` is everything. */
  readonly from: readonly string[]
  /** Packages and `node:` modules that may be imported. `*` is everything. */
  readonly packages: '*' | readonly string[]
}

// One row per top-level folder; a folder without a row may not hold TypeScript. Nobody but its own files and the free rows imports cli/.
const arrows: Readonly<Record<string, Row>> = {
  // Pure and browser-safe: no node: module, no network, no chain. A package gets in only when it is pure and its results are exact.
  risk: { from: [], packages: ['@noble/hashes', 'zod'] },
  // The shared leaves besides types: the same errors, units and hashes on both sides of a boundary, and what the words of a price ladder mean.
  chain: { from: ['risk/types', 'risk/errors', 'risk/units', 'risk/hash', 'risk/margin/ladder'], packages: '*' },
  proposals: { from: ['chain', 'risk'], packages: '*' },
  controller: { from: ['chain', 'risk', 'proposals', 'webhooks'], packages: '*' },
  indexer: { from: ['chain', 'risk', 'webhooks'], packages: '*' },
  webhooks: { from: ['risk/errors'], packages: '*' },
  web: { from: ['chain', 'risk'], packages: '*' },
  cli: { from: ['*'], packages: '*' },
  // Not part of the product: they look at everything.
  test: { from: ['*'], packages: '*' },
  bench: { from: ['*'], packages: '*' },
  examples: { from: ['*'], packages: '*' },
  tools: { from: ['*'], packages: '*' },
}

const withoutExtension = (path: string): string => path.replace(/\.(d\.)?[cm]?[jt]s$/, '')
const isInside = (path: string, folder: string): boolean => {
  const target = withoutExtension(path)
  return folder === '*' || target === folder || target.startsWith(`${folder}/`)
}
const packageName = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/**
 * Imports, re-exports and `import()` (types, too) that the table does not allow.
 *
 * @param source - A TypeScript file; files in the root folder are free.
 */
export function findImportFaults({ path, text }: Source): Fault[] {
  const folder = path.split('/')[0] ?? ''
  if (folder === path) return []
  const row = arrows[folder]
  if (row === undefined) {
    return [{ path, line: 1, rule: 'import-arrows', message: `${folder}/ has no row in the table of tools/check-imports.ts` }]
  }
  return ts.preProcessFile(text, true, true).importedFiles.flatMap(({ fileName, pos }): Fault[] => {
    const message = fileName.startsWith('.') ? pathFault(path, folder, row, fileName) : packageFault(folder, row, fileName)
    return message === undefined ? [] : [{ path, line: text.slice(0, pos).split('\n').length, rule: 'import-arrows', message }]
  })
}

function pathFault(path: string, folder: string, row: Row, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(path), specifier)
  const atRoot = !target.includes('/')
  if (target.startsWith('../')) return `${specifier} is outside the project`
  if (atRoot || isInside(target, folder) || row.from.some((allowed) => isInside(target, allowed))) return undefined
  return `${folder}/ may not import ${target}; it may import ${[`${folder}/`, ...row.from].join(', ')}`
}

function packageFault(folder: string, row: Row, specifier: string): string | undefined {
  if (row.packages === '*' || row.packages.includes(packageName(specifier))) return undefined
  return `${folder}/ may not import ${specifier}; packages it may import: ${row.packages.join(', ') || 'none'}`
}
