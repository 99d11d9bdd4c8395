import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of the files of a folder whose names match, by name; none when there is no such folder. */
export function findFiles(directory: string, folder: string, name: RegExp): string[] {
  const path = join(directory, folder)
  if (!existsSync(path)) return []
  return readdirSync(path)
    .filter((file) => name.test(file))
    .sort()
    .map((file) => join(path, file))
}
