import { toEventSelector } from 'viem'
import { controllerMandateAbi, riskParametersAbi } from '../../chain/generated/index.ts'
import { decodeScopeId } from '../../chain/ids/index.ts'
import { fetchLogs } from '../../chain/read/index.ts'
import type { Hex, ScopeId } from '../../risk/types/index.ts'
import { eventOf } from './eventOf.ts'
import type { PinnedReader } from './PinnedReader.ts'

const scopeEvents = ['ScopeActivated', 'ScopeImported'].map((name) => eventOf(riskParametersAbi, name))
const laneEvents = [eventOf(controllerMandateAbi, 'LaneOpened'), eventOf(controllerMandateAbi, 'MeterChanged')]

/** Scopes that were ever activated or imported, or whose lane was ever opened, in that order. */
export async function listScopes({ client, deployment, block }: PinnedReader, what: 'scope' | 'lane'): Promise<ScopeId[]> {
  const [address, events] =
    what === 'scope' ? [deployment.contracts.riskParameters, scopeEvents] : [deployment.contracts.controllerMandate, laneEvents]
  const logs = await fetchLogs(client, {
    addresses: [address],
    topics: events.map(toEventSelector),
    fromBlock: BigInt(deployment.block),
    toBlock: block,
  })
  return [...new Set(logs.map(({ topics }) => decodeScopeId(topics[1] as Hex)))]
}
