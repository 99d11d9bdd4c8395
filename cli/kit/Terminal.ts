import { createInterface } from 'node:readline/promises'

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
    ask: async (question) => {
      const lines = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return await lines.question(question, { signal })
      } finally {
        lines.close()
      }
    },
    signal,
  }
}
