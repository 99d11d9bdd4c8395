import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseSurface, type VolSurface } from '../../../risk/surface/index.ts'
import type { Seconds } from '../../../risk/types/index.ts'
import { BadSurfaceError, StaleSurfaceError, UnavailableError } from '../../errors/SourceErrors.ts'
import type { Log } from '../../log/createLog.ts'
import type { SurfaceSource } from './SurfaceSource.ts'

/** Files that are looked at, the last changed first: a desk may keep its history where it writes. */
const LOOKED_AT = 20

/**
 * Surfaces that a desk fits and writes into a folder, one document `ballast.surface` a file, under a name that ends in `.json`. A desk writes under another name and renames, so
 * that no half of a file is read. Of the files changed last, the surface that is newest by its own time counts; one that is no surface is named in the log and passed over.
 * Nothing is changed or deleted here.
 *
 * @param maxAgeSeconds - Oldest that is used.
 */
export function deskSurfaces(directory: string, maxAgeSeconds: Seconds, log: Log): SurfaceSource {
  return {
    async fetchSurface(time) {
      let newest: VolSurface | undefined
      let fault: BadSurfaceError | undefined
      for (const file of await lastChanged(directory)) {
        try {
          const surface = await readSurface(file)
          if (surface.time <= time && surface.time > (newest?.time ?? Number.NEGATIVE_INFINITY)) newest = surface
        } catch (error) {
          if (!(error instanceof BadSurfaceError)) throw error
          fault ??= error
          log.warn({ error }, 'surface passed over')
        }
      }
      if (newest === undefined) throw fault ?? new UnavailableError({ source: directory, what: 'surface', time })
      const ageSeconds = time - newest.time
      if (ageSeconds > maxAgeSeconds) throw new StaleSurfaceError({ source: directory, ageSeconds, maxAgeSeconds })
      return newest
    },
  }
}

async function lastChanged(directory: string): Promise<string[]> {
  try {
    const names = (await readdir(directory)).filter((name) => name.endsWith('.json'))
    const files = await Promise.all(
      names.map(async (name) => {
        const file = join(directory, name)
        return { file, changed: (await stat(file)).mtimeMs }
      }),
    )
    return files
      .sort((a, b) => b.changed - a.changed || (a.file < b.file ? 1 : -1))
      .slice(0, LOOKED_AT)
      .map(({ file }) => file)
  } catch (cause) {
    throw new BadSurfaceError({ file: directory, detail: 'the folder cannot be read' }, { cause })
  }
}

async function readSurface(file: string): Promise<VolSurface> {
  try {
    return parseSurface(JSON.parse(await readFile(file, 'utf8')))
  } catch (cause) {
    throw new BadSurfaceError({ file, detail: cause instanceof SyntaxError ? 'it is not JSON' : (cause as Error).message }, { cause })
  }
}
