import { encodeAbiParameters, keccak256 } from 'viem'
import { type ChainLink, decodeLink } from '../../chain/read/index.ts'
import type { Hex, UnixSeconds } from '../../risk/types/index.ts'
import type { ProtocolLog } from './ChainLog.ts'

/** Arguments of an event by name, as viem decodes them. */
export type EventArgs = ChainLink['args']

/** One link of the history with the time of its block. */
export type HistoryLink = ChainLink & { readonly time: UnixSeconds }

/** The links in chain order, each with its entry hash recomputed from the bytes of its log. */
export function decodeHistory(logs: readonly ProtocolLog[]): HistoryLink[] {
  return logs
    .map((log) => ({ ...decodeLink({ ...log, blockNumber: BigInt(log.block), transactionHash: log.transaction }), time: log.time }))
    .sort((a, b) => Number(a.block - b.block) || a.logIndex - b.logIndex)
}

/** Head after one more link: the low 28 bytes of the hash of head, emitter and entry. */
export function nextHead(previous: Hex, link: Pick<HistoryLink, 'emitter' | 'entryHash'>): Hex {
  const types = [{ type: 'uint224' }, { type: 'address' }, { type: 'bytes32' }] as const
  const hash = keccak256(encodeAbiParameters(types, [BigInt(previous), link.emitter, link.entryHash]))
  return `0x${hash.slice(-56)}`
}

/** Head before the first link. */
export const emptyHead: Hex = `0x${'0'.repeat(56)}`
