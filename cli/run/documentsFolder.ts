import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreCorruptError } from '../../controller/errors/StoreErrors.ts'
import { contentHash } from '../../risk/hash/index.ts'
import type { Hash } from '../../risk/types/index.ts'
import type { DocumentCopies } from '../evidence/EvidenceDocuments.ts'

/** Folder of documents inside a run folder: each file is named by the hash of its bytes. */
export const documentsFolder = 'documents'

/** The documents kept as files in a run folder. A file with other bytes than its name says is damaged. */
export function fileDocuments(folder: string): DocumentCopies {
  return {
    name: documentsFolder,
    get: (hash) => {
      const file = documentFile(folder, hash)
      if (!existsSync(file)) return undefined
      const text = readFileSync(file, 'utf8')
      const got = contentHash(text)
      if (got !== hash) throw new StoreCorruptError({ path: file, detail: `bytes that hash to ${got}` })
      return text
    },
  }
}

/** Writes a canonical document under its hash. */
export function writeDocument(folder: string, canonical: string): Hash {
  const hash = contentHash(canonical)
  mkdirSync(join(folder, documentsFolder), { recursive: true })
  writeFileSync(documentFile(folder, hash), canonical)
  return hash
}

function documentFile(folder: string, hash: Hash): string {
  return join(folder, documentsFolder, `${hash.slice(2)}.json`)
}
