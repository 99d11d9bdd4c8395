import { hexToString, type PublicClient } from 'viem'
import type { Address } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'
import { mirrorAdapterAbi, pullAdapterAbi } from '../generated/index.ts'
import { type AdapterKind, type AdapterReading, adapterRelations } from './types.ts'

/**
 * Every binding of an adapter at the latest block.
 *
 * @throws {RpcUnavailableError} The chain could not be read.
 */
export async function readAdapter(client: PublicClient, kind: AdapterKind, adapter: Address): Promise<AdapterReading[]> {
  return withChainErrors(() => (kind === 'pull' ? readPull(client, adapter) : compare(client, adapter)), adapter)
}

async function readPull(client: PublicClient, address: Address): Promise<AdapterReading[]> {
  const blockNumber = await client.getBlockNumber()
  const at = { address, abi: pullAdapterAbi, blockNumber } as const
  const keys = await client.readContract({ ...at, functionName: 'keys' })
  return Promise.all(
    keys.map(async (key) => ({
      key: nameOf(key),
      wanted: await client.readContract({ ...at, functionName: 'valueOf', args: [key] }),
      actual: null,
      relation: null,
    })),
  )
}

async function compare(client: PublicClient, address: Address): Promise<AdapterReading[]> {
  const all = await client.readContract({ address, abi: mirrorAdapterAbi, functionName: 'compare' })
  return all.map(({ key, wanted, actual, relation }) => {
    const known = adapterRelations[relation] ?? 'unreadable'
    return { key: nameOf(key), wanted, actual: known === 'unreadable' ? null : actual, relation: known }
  })
}

const nameOf = (key: `0x${string}`): string => hexToString(key, { size: 32 })
