import { contentHash } from '../../../risk/hash/index.ts'
import type { DocumentStore, Hash } from '../../../risk/types/index.ts'

/** Documents in memory, for tests. */
export function memoryDocuments(): DocumentStore & { readonly all: Map<Hash, string> } {
  const all = new Map<Hash, string>()
  return {
    all,
    put: (canonical) => {
      const hash = contentHash(canonical)
      all.set(hash, canonical)
      return hash
    },
    get: (hash) => all.get(hash),
    has: (hash) => all.has(hash),
  }
}
