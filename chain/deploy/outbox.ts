import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Hex } from '../../risk/types/index.ts'
import { writeAtomically } from './writeAtomically.ts'

/**
 * Signed transactions, kept on disk before they are broadcast. Ignition journals that it is about to send, but learns the hash only from the node's
 * answer; when that answer is lost, the transaction found here is broadcast again, which cannot do anything twice.
 */
export type Outbox = { readonly keep: (nonce: number, signed: Hex) => void; readonly find: (nonce: number) => Hex | undefined }

export function createOutbox(journal: string): Outbox {
  const folder = join(journal, 'outbox')
  mkdirSync(folder, { recursive: true })
  const path = (nonce: number): string => join(folder, String(nonce))
  return {
    keep: (nonce, signed) => writeAtomically(path(nonce), signed),
    find: (nonce) => (existsSync(path(nonce)) ? (readFileSync(path(nonce), 'utf8') as Hex) : undefined),
  }
}
