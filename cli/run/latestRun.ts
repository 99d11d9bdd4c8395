import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runFiles } from './RunManifest.ts'

/** Where `npm start` keeps its runs, relative to the project's root. */
export const runsFolder = join('var', 'runs')

/** The run folder written last, or undefined when there is none. */
export function latestRun(root: string): string | undefined {
  const folder = join(root, runsFolder)
  if (!existsSync(folder)) return undefined
  const runs = readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(path, runFiles.manifest)))
    .map((path) => ({ path, time: statSync(join(path, runFiles.manifest)).mtimeMs }))
  return runs.sort((a, b) => b.time - a.time)[0]?.path
}
