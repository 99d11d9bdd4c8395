import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Hash } from '../types/index.ts'

/** keccak256 of the UTF-8 bytes of a canonical document. */
export function contentHash(canonical: string): Hash {
  return `0x${bytesToHex(keccak_256(utf8ToBytes(canonical)))}`
}
