import { encodeAbiParameters, keccak256 } from 'viem'
import type { Hex } from '../../risk/types/index.ts'
import type { ChainHead, ChainLink } from '../read/index.ts'
import { finding, type HistoryFinding } from './findings.ts'

const linkTypes = [{ type: 'uint224' }, { type: 'address' }, { type: 'bytes32' }] as const
const MASK = 2n ** 224n - 1n

/**
 * The head after `links`: each is uint224(keccak256(abi.encode(head, emitter, entryHash))). 28 bytes.
 *
 * @param before - The head they follow on; that of an empty chain when absent.
 */
export function computeHead(links: readonly ChainLink[], before: Hex = '0x00'): Hex {
  let head = BigInt(before)
  for (const { emitter, entryHash } of links) head = BigInt(keccak256(encodeAbiParameters(linkTypes, [head, emitter, entryHash]))) & MASK
  return `0x${head.toString(16).padStart(56, '0')}`
}

/**
 * Whether these links, and no others in no other order, make this head: nothing was left out, added, reordered or changed.
 *
 * @param links - Index ascending, as `readHistory` returns them.
 * @returns Nothing when the log is complete.
 */
export function verifyChain(links: readonly ChainLink[], head: ChainHead): HistoryFinding[] {
  const findings: HistoryFinding[] = []
  let next = 0
  for (const { index } of links) {
    if (index < next) findings.push(finding('duplicate', next, index, { index }))
    if (index > next) findings.push(finding('gap', next, index, { index: next }))
    next = index + 1
  }
  if (next !== head.count) findings.push(finding('countMismatch', head.count, next))
  const computed = computeHead(links)
  if (computed !== head.hash.toLowerCase()) findings.push(finding('headMismatch', head.hash, computed))
  return findings
}
