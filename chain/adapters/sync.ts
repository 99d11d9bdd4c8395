import { encodeFunctionData, hexToString, parseEventLogs, type TransactionReceipt } from 'viem'
import type { Address } from '../../risk/types/index.ts'
import { decodeRevert } from '../errors/index.ts'
import { pushAdapterAbi } from '../generated/index.ts'
import type { Call } from '../write/index.ts'

/** What a sync did. Numbers are in the other protocol's unit. */
export type SyncOutcome = {
  readonly pushed: readonly { readonly key: string; readonly previous: bigint; readonly written: bigint }[]
  /** Coupling groups of which nothing was changed: the first key, how many belong to it, and why. */
  readonly failed: readonly { readonly key: string; readonly members: number; readonly reason: string }[]
}

/** Anyone; does nothing where nothing differs. */
export function buildSync(adapter: Address): Call {
  return { to: adapter, data: encodeFunctionData({ abi: pushAdapterAbi, functionName: 'sync' }) }
}

/** Reads a sync's receipt. */
export function decodeSync(adapter: Address, { logs }: Pick<TransactionReceipt, 'logs'>): SyncOutcome {
  const own = parseEventLogs({ abi: pushAdapterAbi, logs: logs.filter(({ address }) => address.toLowerCase() === adapter.toLowerCase()) })
  return {
    pushed: own.flatMap((log) =>
      log.eventName === 'ParameterPushed'
        ? [{ key: hexToString(log.args.key, { size: 32 }), previous: log.args.previous, written: log.args.written }]
        : [],
    ),
    failed: own.flatMap((log) =>
      log.eventName === 'PushFailed'
        ? [
            {
              key: hexToString(log.args.key, { size: 32 }),
              members: Number(log.args.members),
              reason: decodeRevert(log.args.reason, adapter).message,
            },
          ]
        : [],
    ),
  }
}
