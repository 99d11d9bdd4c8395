import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Parsed JSON of a file under config/. */
export function readConfig(name: string): unknown {
  return JSON.parse(readFileSync(fileURLToPath(new URL(`../../../config/${name}.json`, import.meta.url)), 'utf8'))
}
