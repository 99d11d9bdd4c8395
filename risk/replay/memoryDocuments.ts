import { contentHash } from '../hash/index.ts'
import type { DocumentStore, Hash } from '../types/index.ts'

/** Documents held in memory, for replays that keep nothing. */
export function memoryDocuments(): DocumentStore {
  const documents = new Map<Hash, string>()
  return {
    put: (canonical) => {
      const hash = contentHash(canonical)
      documents.set(hash, canonical)
      return hash
    },
    get: (hash) => documents.get(hash),
    has: (hash) => documents.has(hash),
  }
}
