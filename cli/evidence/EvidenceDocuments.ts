import { StoreCorruptError } from '../../controller/errors/StoreErrors.ts'
import { memoryDocuments } from '../../risk/replay/index.ts'
import type { DocumentStore, Hash } from '../../risk/types/index.ts'
import type { Finding } from './Step.ts'

/** A document asked for by its hash. */
export type FoundDocument =
  | { readonly kind: 'intact'; readonly text: string }
  | { readonly kind: 'damaged'; readonly detail: string }
  | { readonly kind: 'missing' }

/** Documents as evidence: a damaged copy is told, never hidden by another copy. */
export type EvidenceDocuments = { readonly find: (hash: Hash) => FoundDocument }

/** A place that keeps documents: it returns nothing for one it does not have and throws {@link StoreCorruptError} for one with other bytes. */
export type DocumentCopies = { readonly name: string; readonly get: (hash: Hash) => string | undefined }

/** All copies together; one damaged copy makes the document damaged. */
export function evidenceDocuments(places: readonly DocumentCopies[]): EvidenceDocuments {
  const found = new Map<Hash, FoundDocument>()
  const find = (hash: Hash): FoundDocument => {
    let intact: string | undefined
    for (const { name, get } of places) {
      try {
        intact = get(hash) ?? intact
      } catch (error) {
        if (error instanceof StoreCorruptError) return { kind: 'damaged', detail: `${error.context.detail} in ${name}` }
        throw error
      }
    }
    return intact === undefined ? { kind: 'missing' } : { kind: 'intact', text: intact }
  }
  return {
    find: (hash) => {
      const known = found.get(hash) ?? find(hash)
      found.set(hash, known)
      return known
    },
  }
}

/** The document behind a hash; null when no store has it undamaged. */
export function readDocument<Content>(documents: EvidenceDocuments, hash: Hash): Content | null {
  const found = documents.find(hash)
  return found.kind === 'intact' ? (JSON.parse(found.text) as Content) : null
}

/** Whether a document is there with the bytes its hash names. */
export function documentFinding(documents: EvidenceDocuments, hash: Hash): Finding {
  const found = documents.find(hash)
  switch (found.kind) {
    case 'intact':
      return { ok: true }
    case 'damaged':
      return { ok: false, expected: `bytes that hash to ${hash}`, got: found.detail }
    case 'missing':
      return { ok: false, expected: `a document ${hash}`, got: 'no store here has it' }
  }
}

/** Reads from the evidence, writes into memory: what a recomputation needs. */
export function scratchDocuments(documents: EvidenceDocuments): DocumentStore {
  const memory = memoryDocuments()
  const stored = (hash: Hash): string | undefined => {
    const found = documents.find(hash)
    return found.kind === 'intact' ? found.text : undefined
  }
  return {
    put: memory.put,
    get: (hash) => memory.get(hash) ?? stored(hash),
    has: (hash) => memory.has(hash) || stored(hash) !== undefined,
  }
}
