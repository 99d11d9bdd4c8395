// Every package in the lockfiles must have a licence the project can live with. Part of `npm run check`.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** An entry of a lockfile, version 3. */
export type LockedPackage = { readonly version?: string; readonly license?: string; readonly dev?: boolean }

const anywhere = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]
// Copyleft per file: nothing of it is shipped with the product.
const onlyDevelopment = ['MPL-2.0']
// Packages that name no licence in package.json but ship one: what their LICENSE file says.
const readByHand: Readonly<Record<string, string>> = { '@nomicfoundation/ignition-ui': 'MIT', memorystream: 'MIT' }

/**
 * Packages whose licence is not on the list, as `name@version (licence)`.
 *
 * @param packages - The `packages` of a lockfile, by path.
 */
export function findForbiddenLicenses(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([path, { version, license, dev }]) => {
    if (path === '') return []
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    const found = license ?? readByHand[name] ?? 'none named'
    const allowed = dev ? [...anywhere, ...onlyDevelopment] : anywhere
    return isAllowed(found, allowed) ? [] : [`${name}@${version} (${found})`]
  })
}

/** Reads SPDX expressions as far as packages use them: `(MIT OR GPL-3.0)` needs one of them, `MIT AND ISC` both. */
function isAllowed(expression: string, allowed: readonly string[]): boolean {
  const plain = expression.replace(/[()]/g, '')
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((name) => allowed.includes(name.trim())))
}

/** The same for the lockfiles of a project: its own, the runtime's and the indexer's. */
export function findForbiddenLicensesIn(root: string): string[] {
  return ['', 'tools/node', 'indexer'].flatMap((folder) => {
    const lockfile = join(root, folder, 'package-lock.json')
    if (!existsSync(lockfile)) return []
    const { packages } = JSON.parse(readFileSync(lockfile, 'utf8')) as { packages: Record<string, LockedPackage> }
    return findForbiddenLicenses(packages)
  })
}
