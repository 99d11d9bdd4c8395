import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Abi, Hex } from 'viem'

export type Compiled = { readonly abi: Abi; readonly bytecode: Hex }

type SolcOutput = {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[]
  readonly contracts: Readonly<
    Record<string, Readonly<Record<string, { readonly abi: Abi; readonly evm: { readonly bytecode: { readonly object: string } } }>>>
  >
}
type Solc = { readonly compile: (input: string, callbacks: { readonly import: (path: string) => { readonly contents: string } }) => string }

/**
 * Compiles one file with the settings of hardhat.config.ts: contracts that measurements and tests need and the installation does not.
 *
 * @param file - Path from the project's root.
 */
export function compileSolidity(file: string): Readonly<Record<string, Compiled>> {
  const root = dirname(import.meta.dirname)
  const require = createRequire(import.meta.url)
  const solc = require('solc') as Solc
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: readFileSync(join(root, file), 'utf8') } },
    settings: {
      viaIR: true,
      evmVersion: 'cancun',
      optimizer: { enabled: true, runs: 200 },
      outputSelection: { [file]: { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const read = (path: string): { contents: string } => {
    const own = join(root, path)
    return { contents: readFileSync(existsSync(own) ? own : require.resolve(path), 'utf8') }
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as SolcOutput
  const failures = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (failures.length > 0) throw new Error(failures.map(({ formattedMessage }) => formattedMessage).join('\n'))
  return Object.fromEntries(
    Object.entries(output.contracts[file] ?? {}).map(([name, { abi, evm }]) => [
      name,
      { abi, bytecode: `0x${evm.bytecode.object}` as const },
    ]),
  )
}
