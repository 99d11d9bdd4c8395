// Compiles the contracts and generates what follows from them, once per state of their sources. Part of the installation, see bootstrap.mjs.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stampOf } from './bootstrap-lib.mjs'

const generator = 'tools/generate-abis.ts'

/** @param {string} root */
const stampFile = (root) => join(root, 'artifacts', '.ballast-built')

/**
 * Names the state of everything a build depends on; `undefined` when there is no contract to build.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
function wantedStamp(root) {
  const folder = join(root, 'contracts')
  const contracts = existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sol'))
    : []
  if (contracts.length === 0) return undefined
  const others = ['hardhat.config.ts', 'package-lock.json', generator].map((name) => join(root, name)).filter((path) => existsSync(path))
  return stampOf(
    ...contracts.sort().flatMap((name) => [name, readFileSync(join(folder, name))]),
    ...others.map((path) => readFileSync(path)),
  )
}

/**
 * Whether the artifacts belong to the contracts as they are now.
 *
 * @param {string} root - Root folder of the project.
 * @returns {boolean}
 */
export function buildIsFresh(root) {
  const wanted = wantedStamp(root)
  return wanted === undefined || (existsSync(stampFile(root)) && readFileSync(stampFile(root), 'utf8') === wanted)
}

/**
 * Builds the contracts (not their tests) and the generated ABIs.
 *
 * @param {string} root - Root folder of the project.
 * @param {(args: string[]) => Promise<number>} runNode - Runs Node with arguments in the root folder; returns its exit code.
 * @returns {Promise<boolean>} Whether it succeeded; the compiler has said why not.
 */
export async function build(root, runNode) {
  const wanted = wantedStamp(root)
  if (wanted === undefined) return true
  if ((await runNode([join(root, 'node_modules/hardhat/dist/src/cli.js'), 'build', '--no-tests', '--quiet'])) !== 0) return false
  if (existsSync(join(root, generator)) && (await runNode([join(root, generator)])) !== 0) return false
  writeFileSync(stampFile(root), wanted)
  return true
}
