import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** What a command may know of the process around it. Tests bring their own. */
export type Terminal = {
  readonly writeOut: (text: string) => void
  readonly writeError: (text: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Folder against which paths are resolved. */
  readonly folder: string
  readonly outputIsTerminal: boolean
  readonly errorsAreTerminal: boolean
  readonly inputIsTerminal: boolean
  /** Asks on stderr and returns the line typed. */
  readonly ask: (question: string) => Promise<string>
  /** As {@link Terminal.ask}, without showing what is typed. */
  readonly askSecret: (question: string) => Promise<string>
  /** Everything on standard input. */
  readonly readInput: () => Promise<Uint8Array>
  /** Aborted by Ctrl-C, SIGTERM and SIGHUP. */
  readonly signal: AbortSignal
}

/** The terminal of this process. */
export function processTerminal(signal: AbortSignal): Terminal {
  return {
    writeOut: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    environment: process.env,
    folder: process.cwd(),
    outputIsTerminal: process.stdout.isTTY === true,
    errorsAreTerminal: process.stderr.isTTY === true,
    inputIsTerminal: process.stdin.isTTY === true,
    ask: (question) => askLine(question, process.stderr, signal),
    askSecret: async (question) => {
      process.stderr.write(question)
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
      const line = await askLine('', silent, signal)
      process.stderr.write('\n')
      return line
    },
    readInput: readAll,
    signal,
  }
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

async function askLine(question: string, output: NodeJS.WritableStream, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY === true })
  try {
    return await lines.question(question, { signal })
  } finally {
    lines.close()
  }
}
