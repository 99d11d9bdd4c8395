import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'

/** One assertion of a file, and what the solver says of it for all inputs. */
export type Proof = { readonly line: number; readonly statement: string; readonly verdict: 'proved' | 'refuted' | 'unknown' }

type Message = {
  readonly severity: string
  readonly message: string
  readonly formattedMessage: string
  readonly sourceLocation?: { readonly file: string; readonly start: number; readonly end: number }
}
type SolcOutput = { readonly errors?: readonly Message[] }
type Callbacks = {
  readonly import: (path: string) => { readonly contents: string }
  readonly smtSolver: (query: string) => { readonly contents: string } | { readonly error: string }
}
type Solc = { readonly compile: (input: string, callbacks: Callbacks) => string }

/** Milliseconds for a query. */
const TIMEOUT = 120_000

/** Whether the solver is on this machine. */
export function hasSolver(): boolean {
  return spawnSync('z3', ['--version']).status === 0
}

/**
 * Proves or refutes every assertion of the contract that has its file's name: the bounded model checker of the compiler on functions without loops, which covers all
 * of their inputs, with z3 for its queries.
 *
 * @param file - Path from the project's root.
 * @throws {Error} No z3, a file that does not compile, or an assertion that the checker never looked at.
 */
export function proveSolidity(file: string): Proof[] {
  if (!hasSolver()) throw new Error('z3 is not on the PATH (Debian: apt install z3).')
  const root = dirname(import.meta.dirname)
  const require = createRequire(import.meta.url)
  const solc = require('solc') as Solc
  const source = readFileSync(join(root, file), 'utf8')
  const input = {
    language: 'Solidity',
    sources: { [file]: { content: source } },
    settings: {
      evmVersion: 'cancun',
      modelChecker: {
        engine: 'bmc',
        contracts: { [file]: [basename(file, '.sol')] },
        targets: ['assert'],
        showProvedSafe: true,
        showUnproved: true,
        solvers: ['smtlib2'],
        divModNoSlacks: true,
        timeout: TIMEOUT,
      },
    },
  }
  const read = (path: string): { contents: string } => {
    const own = join(root, path)
    return { contents: readFileSync(existsSync(own) ? own : require.resolve(path), 'utf8') }
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read, smtSolver: askSolver })) as SolcOutput
  const messages = output.errors ?? []
  const failure = messages.find(({ severity }) => severity === 'error')
  if (failure !== undefined) throw new Error(failure.formattedMessage)
  const proofs = messages.flatMap((message) => proofOf(message, file, source))
  const stated = source.match(/\bassert\(/g)?.length ?? 0
  if (new Set(proofs.map(({ line }) => line)).size !== stated)
    throw new Error(`${file} states ${stated} assertions and the checker judged ${proofs.length}: write each on a line of its own.`)
  return proofs.sort((a, b) => a.line - b.line)
}

function proofOf({ message, sourceLocation }: Message, file: string, source: string): Proof[] {
  if (sourceLocation?.file !== file || !message.startsWith('BMC: Assertion violation')) return []
  const verdict = message.includes('check is safe') ? 'proved' : message.includes('happens here') ? 'refuted' : 'unknown'
  const line = source.slice(0, sourceLocation.start).split('\n').length
  return [{ line, statement: source.slice(sourceLocation.start, sourceLocation.end), verdict }]
}

function askSolver(query: string): { readonly contents: string } | { readonly error: string } {
  const { stdout, error } = spawnSync('z3', ['-smt2', '-in', `-t:${TIMEOUT}`], { input: query, encoding: 'utf8', timeout: 2 * TIMEOUT })
  return error === undefined ? { contents: stdout } : { error: error.message }
}
