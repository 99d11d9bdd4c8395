// Looks for warnings of the Solidity compiler in contracts/ (not in packages) and for contracts above the size limit.
// It only analyses, so it takes seconds and sees the warnings of files whose build is cached. Part of `npm run check`.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { type Fault, readSources } from './faults.ts'

type Diagnostic = {
  readonly severity: 'error' | 'warning' | 'info'
  readonly errorCode?: string
  readonly message: string
  readonly sourceLocation?: { readonly file: string; readonly start: number }
}
type Compiler = { compile(input: string, callbacks: { import(path: string): { contents: string } | { error: string } }): string }
type Artifact = { readonly contractName: string; readonly sourceName: string; readonly deployedBytecode: string }

/** EIP-170: a larger contract cannot be deployed. */
const maxContractBytes = 24_576

/** Warnings and errors of the compiler in contracts/. */
export function findContractWarnings(root: string): Fault[] {
  const sources = readSources(root, 'contracts', '.sol')
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(sources.map(({ path, text }) => [path, { content: text }])),
    settings: { evmVersion: 'cancun', outputSelection: {} },
  }
  const readImport = (path: string): { contents: string } | { error: string } => {
    try {
      return { contents: readFileSync(join(root, 'node_modules', path), 'utf8') }
    } catch (error) {
      return { error: String(error) }
    }
  }
  const compiler = createRequire(import.meta.url)('solc') as Compiler
  const output = JSON.parse(compiler.compile(JSON.stringify(input), { import: readImport })) as { errors?: Diagnostic[] }
  return (output.errors ?? [])
    .filter(
      ({ severity, sourceLocation }) => severity === 'error' || (severity === 'warning' && sourceLocation?.file.startsWith('contracts/')),
    )
    .map(({ errorCode, message, sourceLocation }) => {
      const path = sourceLocation?.file ?? 'contracts'
      // The compiler counts bytes of UTF-8.
      const before = Buffer.from(sources.find((source) => source.path === path)?.text ?? '').subarray(
        0,
        Math.max(0, sourceLocation?.start ?? 0),
      )
      return {
        path,
        line: before.toString().split('\n').length,
        rule: `solc ${errorCode ?? ''}`.trim(),
        message: message.split('\n')[0] ?? '',
      }
    })
}

/** Built contracts that are too large to deploy. */
export function findOversizedContracts(root: string): Fault[] {
  return readSources(root, 'artifacts/contracts', '.json').flatMap(({ text }): Fault[] => {
    const { contractName, sourceName, deployedBytecode } = JSON.parse(text) as Artifact
    const bytes = deployedBytecode.length / 2 - 1
    if (bytes <= maxContractBytes) return []
    return [
      { path: sourceName, line: 1, rule: 'contract-size', message: `${contractName} has ${bytes} bytes; the limit is ${maxContractBytes}` },
    ]
  })
}
