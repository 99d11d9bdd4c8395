import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Numbers of a one-column file of test/risk/reference/series, without its heading. */
export function readSeries(name: string): Float64Array {
  const text = readFileSync(fileURLToPath(new URL(`../reference/series/${name}.csv`, import.meta.url)), 'utf8')
  return Float64Array.from(text.trim().split('\n').slice(1), Number)
}
