import { type ChainLink, decodeLink } from '../../chain/read/index.ts'
import type { UnixSeconds } from '../../risk/types/index.ts'
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
