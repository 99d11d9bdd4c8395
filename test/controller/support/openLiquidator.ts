import { join } from 'node:path'
import type { PublicClient } from 'viem'
import type { LiquidatorContext } from '../../../controller/bots/LiquidatorContext.ts'
import { createLog } from '../../../controller/log/createLog.ts'
import { openMonitorStore } from '../../../controller/monitor/openMonitorStore.ts'
import { createEngineKey } from '../../../controller/signers/createEngineKey.ts'
import { openStore } from '../../../controller/store/openStore.ts'
import type { ClearingChain } from '../../../controller/world/openClearingChain.ts'
import { keyFor, traderOf } from './clearingChain.ts'

export type OpenedLiquidator = { readonly context: LiquidatorContext; readonly close: () => void }

/** The bot as a new process would open it, on the files called `name`. `reads` serves its passes, `sends` its transactions. */
export function openLiquidator(
  { clearing, protocol }: ClearingChain,
  folder: string,
  name: string,
  { reads, sends }: { readonly reads: PublicClient; readonly sends: PublicClient },
  change: Partial<LiquidatorContext>,
): OpenedLiquidator {
  const [store, monitor] = [openStore({ path: join(folder, `${name}.sqlite`) }), openMonitorStore(join(folder, `${name}.monitor.sqlite`))]
  const log = createLog('silent')
  const context: LiquidatorContext = {
    client: reads,
    deployment: clearing,
    riskParameters: protocol.contracts.riskParameters,
    monitor,
    submitter: {
      client: sends,
      chainId: clearing.chainId,
      key: createEngineKey(keyFor('bot')),
      store,
      clock: { now: () => 0, sleep: async () => undefined },
      log,
      fees: { capWei: 10n ** 12n, priorityWei: 1n },
      confirmations: 1,
      pollSeconds: 0,
      replaceAfterSeconds: 60,
      elapsed: () => 0,
      signal: new AbortController().signal,
    },
    bidder: traderOf('bot').account,
    policy: { leastProfit: 1, safety: 2, inclusion: 60, exposure: 60, marginShare: 0.8, leastShare: 0.02 },
    unwind: { halfSpread: 0.0005, depth: 5_000_000, volPerRootSecond: 0.0001 },
    nativePrice: 200,
    keeperReward: 5,
    log,
    send: true,
    ...change,
  }
  return {
    context,
    close: () => {
      store.close()
      monitor.close()
    },
  }
}
