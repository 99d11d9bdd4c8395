import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { notFoundError, usageError } from './CliError.ts'
import type { Terminal } from './Terminal.ts'

/** A text that was read, and what messages call it. */
export type InputText = { readonly name: string; readonly text: string }

/**
 * Reads a file, or standard input where the argument is `-` or absent. Compressed files (.gz, and gzip on standard input) are opened.
 *
 * @throws {CliError} The file does not exist, or nothing was given at a terminal.
 */
export async function readInput(terminal: Terminal, argument: string | undefined): Promise<InputText> {
  if (argument === undefined || argument === '-') {
    if (argument === undefined && terminal.inputIsTerminal) throw usageError('No file is given.', 'Name a file, or - for standard input.')
    return { name: 'standard input', text: decode(await terminal.readInput()) }
  }
  const read = readFileInput(resolve(terminal.folder, argument))
  if (read === undefined) throw notFoundError(`There is no file ${argument}.`, 'Examples are in examples/risk.', { file: argument })
  return { name: argument, text: read.text }
}

/** A file, opened where it is compressed; undefined when there is none. */
export function readFileInput(path: string): InputText | undefined {
  return existsSync(path) ? { name: path, text: decode(readFileSync(path)) } : undefined
}

function decode(bytes: Uint8Array): string {
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  return (zipped ? gunzipSync(bytes) : Buffer.from(bytes)).toString('utf8')
}
