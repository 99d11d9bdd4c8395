import { InvalidInputError } from '../errors/index.ts'
import { canonicalJson, contentHash } from '../hash/index.ts'
import type { ChunkedSeries, DocumentStore, Hash, SeriesChunk } from '../types/index.ts'

/** Rows in a full chunk: two weeks of hours. Keeps both the open tail and the list of hashes of several years short. */
const ROWS_PER_CHUNK = 336

export const emptySeries: ChunkedSeries = { chunks: [], tail: [], length: 0 }

/**
 * Adds rows of `width` numbers; full chunks go to `documents`.
 *
 * @param rows - Flat, a multiple of `width` long.
 * @throws {InvalidInputError} `rows` is not a multiple of `width` long.
 */
export function appendRows(series: ChunkedSeries, rows: readonly number[], width: number, documents: DocumentStore): ChunkedSeries {
  if (rows.length % width !== 0)
    throw new InvalidInputError({ argument: 'rows', got: `${rows.length} numbers`, limit: `a multiple of ${width} long` })
  const full = ROWS_PER_CHUNK * width
  const chunks = [...series.chunks]
  let open = [...series.tail, ...rows]
  while (open.length >= full) {
    chunks.push(putChunk(open.slice(0, full), documents))
    open = open.slice(full)
  }
  return { chunks, tail: open, length: series.length + rows.length }
}

function putChunk(values: readonly number[], documents: DocumentStore): Hash {
  const chunk: SeriesChunk = { schema: 'ballast.chunk', version: 1, values }
  return documents.put(canonicalJson(chunk))
}

/**
 * The last `rows` rows of a series, oldest first, fewer when the series is shorter.
 *
 * @throws {InvalidInputError} A chunk is missing, or its content does not have its hash: the store lost or changed it.
 */
export function readRows(series: ChunkedSeries, rows: number, width: number, documents: DocumentStore): Float64Array {
  const wanted = Math.min(rows * width, series.length)
  const values = new Float64Array(wanted)
  let end = wanted
  const place = (part: ArrayLike<number>): void => {
    const used = Math.min(part.length, end)
    for (let i = 1; i <= used; i++) values[end - i] = part[part.length - i]!
    end -= used
  }
  place(series.tail)
  for (let i = series.chunks.length - 1; i >= 0 && end > 0; i--) place(readChunk(series.chunks[i]!, documents))
  return values
}

// Chunks are immutable and named by content, so remembering them cannot change a result.
const parsed = new WeakMap<DocumentStore, Map<Hash, Float64Array>>()

function readChunk(hash: Hash, documents: DocumentStore): Float64Array {
  const known = parsed.get(documents) ?? new Map<Hash, Float64Array>()
  parsed.set(documents, known)
  const remembered = known.get(hash)
  if (remembered !== undefined) return remembered
  const text = documents.get(hash)
  if (text === undefined || contentHash(text) !== hash)
    throw new InvalidInputError({
      argument: `chunk ${hash}`,
      got: text === undefined ? 'missing' : 'changed',
      limit: 'in the store, unchanged',
    })
  const values = Float64Array.from((JSON.parse(text) as SeriesChunk).values)
  known.set(hash, values)
  return values
}
