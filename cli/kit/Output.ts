import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Colours, coloursFor } from './colours.ts'
import { type Document, formatJson } from './json.ts'
import type { Terminal } from './Terminal.ts'

/** The options every command has. */
export type OutputOptions = {
  readonly json?: true
  readonly ndjson?: true
  readonly output?: string
  readonly quiet?: true
  readonly verbose?: true
  /** False after `--no-color`. */
  readonly color: boolean
}

/** Where a command puts its result and its remarks. */
export type Output = {
  readonly format: 'text' | 'json' | 'ndjson'
  /** Styles for the text form of the result. */
  readonly colours: Colours
  /** False with `--quiet`. */
  readonly remarks: boolean
  /** Writes the result: the document on one line, or the text for people. */
  readonly result: (document: Document, text: (colours: Colours) => string) => void
  /** As {@link result}, for a list: with `--ndjson` each record is a line of its own. */
  readonly list: (document: Document, records: readonly Document[], text: (colours: Colours) => string) => void
  /** A remark on stderr, silent with `--quiet`. */
  readonly say: (text: string) => void
  /** A step on stderr, only with `--verbose`. */
  readonly step: (text: string) => void
  /** Something that works, but not as it should; silent with `--quiet`. */
  readonly warn: (text: string) => void
}

/** Builds the output of one command from its options. With `--output` the result goes into a file, never coloured. */
export function createOutput(terminal: Terminal, options: OutputOptions): Output {
  const file = options.output === undefined ? undefined : resolve(terminal.folder, options.output)
  const colours = coloursFor(terminal.outputIsTerminal && file === undefined, terminal.environment, options.color)
  const errorColours = coloursFor(terminal.errorsAreTerminal, terminal.environment, options.color)
  const format = options.ndjson ? 'ndjson' : options.json ? 'json' : 'text'
  const say = (text: string): void => {
    if (!options.quiet) terminal.writeError(`${text}\n`)
  }
  const write = (text: string): void => {
    const whole = text.endsWith('\n') ? text : `${text}\n`
    if (file === undefined) {
      terminal.writeOut(whole)
      return
    }
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, whole)
    say(`Wrote ${options.output}.`)
  }
  return {
    format,
    colours,
    remarks: !options.quiet,
    result: (document, text) => write(format === 'text' ? text(colours) : formatJson(document)),
    list: (document, records, text) => {
      if (format === 'text') write(text(colours))
      else if (format === 'json') write(formatJson(document))
      else if (records.length > 0) write(records.map(formatJson).join('\n'))
    },
    say,
    step: (text) => {
      if (options.verbose) terminal.writeError(`${errorColours.dim(text)}\n`)
    },
    warn: (text) => say(`${errorColours.warn('warning:')} ${text}`),
  }
}
