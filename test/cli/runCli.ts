import { runProgram } from '../../cli/kit/runProgram.ts'
import type { Terminal } from '../../cli/kit/Terminal.ts'
import { buildProgram } from '../../cli/program.ts'

export type CliResult = { readonly code: number; readonly out: string; readonly err: string }
type Surroundings = {
  readonly environment?: Readonly<Record<string, string>>
  readonly folder?: string
  readonly answers?: readonly string[]
  /** What stands on standard input. */
  readonly input?: string | Uint8Array
}

/** Runs one command line in this process, with a terminal of its own; nobody can be asked unless answers are given. */
export async function runCli(
  args: readonly string[],
  { environment = {}, folder = process.cwd(), answers, input = '' }: Surroundings = {},
): Promise<CliResult> {
  let out = ''
  let err = ''
  const left = [...(answers ?? [])]
  const terminal: Terminal = {
    writeOut: (text) => {
      out += text
    },
    writeError: (text) => {
      err += text
    },
    environment,
    folder,
    outputIsTerminal: false,
    errorsAreTerminal: false,
    inputIsTerminal: answers !== undefined,
    ask: async () => left.shift() ?? '',
    askSecret: async () => left.shift() ?? '',
    readInput: async () => (typeof input === 'string' ? new TextEncoder().encode(input) : input),
    signal: new AbortController().signal,
  }
  const code = await runProgram(buildProgram(terminal), terminal, args)
  return { code, out, err }
}
