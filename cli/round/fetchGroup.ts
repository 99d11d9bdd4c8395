import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { ClearingDeployment } from '../../chain/clearing/index.ts'
import { openMonitorStore } from '../../controller/monitor/openMonitorStore.ts'
import { createClearingSource } from '../../controller/sources/clearingSource.ts'
import type { GroupDocuments } from '../../controller/sources/groupDocuments.ts'
import type { MarketSnapshot } from '../../risk/types/index.ts'
import type { ActNode } from '../act/openActNode.ts'

/**
 * The accounts of the margin group that a snapshot names, at its block, as our own node has them.
 *
 * @param file - Keeps what was read of events, so that the next call reads only what came since.
 * @throws {StoreLockedError} Another process uses the file. {MissingDataError} The node has no events or state of the block.
 */
export async function fetchGroup(
  { client, deployment }: Pick<ActNode, 'client' | 'deployment'>,
  clearing: ClearingDeployment,
  { market, scope, chain, group }: MarketSnapshot,
  file: string,
): Promise<GroupDocuments> {
  if (group === undefined) throw new TypeError('The snapshot has no accounts of clearing.')
  mkdirSync(dirname(file), { recursive: true })
  const store = openMonitorStore(file)
  try {
    const { riskParameters } = deployment.contracts
    const source = createClearingSource({ client, deployment: clearing, riskParameters, group: group.group, store })
    return await source.fetchGroup(BigInt(chain.block), { market, scope })
  } finally {
    store.close()
  }
}
