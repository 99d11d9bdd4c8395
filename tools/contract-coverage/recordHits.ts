import { appendFileSync } from 'node:fs'
import { join } from 'node:path'

/** Folder, relative to the instrumented copy, with a file of numbers for each process that reached something. */
export const HITS_FOLDER = 'hits'

const recorded = new Set<string>()

/**
 * Notes which probes were reached.
 *
 * @param words - What the probes sent: their numbers as hex words of 32 bytes.
 */
export function recordHits(words: readonly string[]): void {
  const fresh = words.filter((word) => !recorded.has(word))
  for (const word of fresh) recorded.add(word)
  const numbers = [...new Set(fresh)].map((word) => `${Number(`0x${word}`)}\n`)
  if (numbers.length > 0) appendFileSync(join(process.cwd(), HITS_FOLDER, `${process.pid}`), numbers.join(''))
}
