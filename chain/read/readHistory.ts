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

/** Entries read in one call without a deployed reader: the answer is returned as code, whose size is limited to 24,576 bytes (EIP-170). */
const ENTRIES_PER_CALL = 50
const CALLS_AT_ONCE = 4

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
    const starts = Array.from({ length: Math.ceil(historyLength / ENTRIES_PER_CALL) }, (_, i) => i * ENTRIES_PER_CALL)
    const parts = await mapConcurrently(
      starts,
      async (start) => {
        const count = Math.min(ENTRIES_PER_CALL, historyLength - start)
        const contracts = Array.from({ length: count }, (_, i) => ({
          ...at,
          functionName: 'entry' as const,
          args: [...key, start + i] as const,
        }))
        return client.multicall({ contracts, blockNumber: number, deployless: true, allowFailure: false, batchSize: 0 })
      },
      CALLS_AT_ONCE,
    )
    return parts.flat().map(decodeEntry)
  }, at.address)
}
