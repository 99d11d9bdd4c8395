import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A file of recorded option chains or of a volatility index, as its name describes it. */
export type VolRecording = { readonly kind: 'chains' | 'index'; readonly path: string; readonly name: string }

/**
 * Recordings of a market's option volatility in a data folder, by file name, plain or gzipped: chains in `options/` as `<venue>_<base>_chain_<span>.csv`, 30-day
 * volatility indices in `iv/` as `<base>_DVOL_<interval>_<span>.csv`.
 */
export function optionChainRecordings(directory: string, market: string): VolRecording[] {
  return [
    ...listFolder(join(directory, 'options'), 'chains', new RegExp(`^[^_]+_${market}_chain_.*\\.csv(\\.gz)?$`)),
    ...listFolder(join(directory, 'iv'), 'index', new RegExp(`^${market}_DVOL_.*\\.csv(\\.gz)?$`)),
  ]
}

function listFolder(folder: string, kind: VolRecording['kind'], form: RegExp): VolRecording[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => form.test(file))
    .sort()
    .map((name) => ({ kind, path: join(folder, name), name }))
}
