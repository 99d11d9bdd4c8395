// What the project's own checkers share: a fault with its place, and the source files to look at.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One broken rule at one place. */
export type Fault = {
  /** Path from the root of the project, with forward slashes. */
  readonly path: string
  /** Counted from 1. */
  readonly line: number
  readonly rule: string
  readonly message: string
}

export type Source = { readonly path: string; readonly text: string }

/** `path:line rule: message`, which editors and terminals turn into a link. */
export function formatFault({ path, line, rule, message }: Fault): string {
  return `${path}:${line} ${rule}: ${message}`
}

const foreign = new Set(['node_modules', 'artifacts', 'cache', 'build', 'dist', 'coverage', 'var'])

/** All files under `folder` that end in `extension`, without packages and build results. */
export function readSources(root: string, folder: string, extension: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): Source[] => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return foreign.has(entry.name) || entry.name.startsWith('.') ? [] : readSources(root, path, extension)
    return entry.name.endsWith(extension) ? [{ path, text: readFileSync(join(root, path), 'utf8') }] : []
  })
}
