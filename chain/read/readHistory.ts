import type { PublicClient } from 'viem'
import type { Address, Deployment, Hash, ParameterEntry, ScopeId } from '../../risk/types/index.ts'
import { decodeEntry } from '../codec/index.ts'
import { withChainErrors } from '../errors/index.ts'
import { riskParametersAbi } from '../generated/index.ts'
import { encodeParamId, encodeScopeId, storeRoles } from '../ids/index.ts'
import { type ChainLink, chainedTopics, decodeLink } from './chainedEvents.ts'
import { assertChain, readBlock } from './createChainReader.ts'
import { fetchLogs } from './fetchLogs.ts'
import { mapConcurrently } from './mapConcurrently.ts'

/** Head of the hash chain at one block: 28 bytes, and the number of links. */
export type ChainHead = { readonly hash: `0x${string}`; readonly count: number }

export type History = {
  readonly block: bigint
  readonly blockHash: Hash
  readonly time: number
  readonly head: ChainHead
  /** All links up to `block`, index ascending. */
  readonly links: readonly ChainLink[]
}

/**
 * Every link of the hash chain from the deployment to `block`, from the logs of the store and of each contract that ever held the recorder's or the mandate's role,
 * so that a module which a vote replaced is not forgotten.
 *
 * @param block - The latest when absent.
 */
export async function readHistory(client: PublicClient, deployment: Deployment, block?: bigint, signal?: AbortSignal): Promise<History> {
  await assertChain(client, deployment)
  const { riskParameters } = deployment.contracts
  const pinned = await readBlock(client, block)
  const query = { topics: chainedTopics, fromBlock: BigInt(deployment.block), toBlock: pinned.number, ...(signal && { signal }) }
  const own = await fetchLogs(client, { ...query, addresses: [riskParameters] })
  const links = own.map(decodeLink)
  const recorders = recordersOf(links)
  if (recorders.length > 0) links.push(...(await fetchLogs(client, { ...query, addresses: recorders })).map(decodeLink))
  links.sort((a, b) => a.index - b.index)
  const [hash, count] = await withChainErrors(() =>
    client.readContract({ address: riskParameters, abi: riskParametersAbi, functionName: 'head', blockNumber: pinned.number }),
  )
  return { block: pinned.number, blockHash: pinned.hash, time: pinned.time, head: { hash, count }, links }
}

function recordersOf(links: readonly ChainLink[]): Address[] {
  const granted = links.filter(
    ({ event, args }) =>
      event === 'RoleChanged' && (args['role'] === storeRoles.recorder || args['role'] === storeRoles.mandate) && args['granted'] === true,
  )
  return [...new Set(granted.map(({ args }) => args['account'] as Address))]
}

/** History records of one parameter, oldest first. */
export async function readEntries(
  client: PublicClient,
  deployment: Deployment,
  scope: ScopeId,
  id: string,
  block?: bigint,
): Promise<readonly ParameterEntry[]> {
  const { number } = await readBlock(client, block)
  const at = { address: deployment.contracts.riskParameters, abi: riskParametersAbi, blockNumber: number } as const
  const key = [encodeScopeId(scope), encodeParamId(id)] as const
  return withChainErrors(async () => {
    const { historyLength } = await client.readContract({ ...at, functionName: 'stateOf', args: key })
    const positions = Array.from({ length: historyLength }, (_, i) => i)
    return mapConcurrently(positions, async (i) =>
      decodeEntry(await client.readContract({ ...at, functionName: 'entry', args: [...key, i] })),
    )
  }, at.address)
}
