import { getAddress, type PublicClient, toEventSelector } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import { ballastTokenAbi } from '../../chain/generated/index.ts'
import { fetchLogs, mapConcurrently, readBlock } from '../../chain/read/index.ts'
import type { Address, Deployment } from '../../risk/types/index.ts'

/** An account that others, or itself, have delegated to; votes in token units. */
export type Delegate = { readonly account: Address; readonly votes: bigint }

const changed = ballastTokenAbi.find((item) => item.type === 'event' && item.name === 'DelegateVotesChanged')

/**
 * Every account with votes at a block, most first; of equals the lower address.
 *
 * @param block - The latest when absent.
 */
export async function readDelegates(client: PublicClient, deployment: Deployment, token: Address, block?: bigint): Promise<Delegate[]> {
  if (changed?.type !== 'event') throw new TypeError('The ABI of the token has no event DelegateVotesChanged.')
  const { number } = await readBlock(client, block)
  const logs = await fetchLogs(client, {
    addresses: [token],
    topics: [toEventSelector(changed)],
    fromBlock: BigInt(deployment.block),
    toBlock: number,
  })
  const accounts = [...new Set(logs.map(({ topics }) => `0x${topics[1]?.slice(26) ?? ''}` as Address))]
  const delegates = await mapConcurrently(accounts, async (account) => ({
    account,
    votes: await withChainErrors(() =>
      client.readContract({ address: token, abi: ballastTokenAbi, functionName: 'getVotes', args: [account], blockNumber: number }),
    ),
  }))
  return delegates
    .filter(({ votes }) => votes > 0n)
    .sort((a, b) => (a.votes === b.votes ? (a.account < b.account ? -1 : 1) : a.votes > b.votes ? -1 : 1))
    .map(({ account, votes }) => ({ account: getAddress(account), votes }))
}
