import type { PublicClient } from 'viem'
import type { Address, Hex } from '../../risk/types/index.ts'
import { TransactionRevertedError, withChainErrors } from '../errors/index.ts'
import type { Wallet } from '../write/index.ts'

export type DeployedAdapter = { readonly adapter: Address; readonly transactionHash: Hex; readonly gasUsed: bigint }

/**
 * Runs the creation without sending it: whatever the constructor refuses is refused here.
 *
 * @throws {ContractRevertError} A unit, a rail, a getter or a group is wrong; the sentence says which.
 */
export async function simulateAdapter(client: PublicClient, creation: Hex, from: Address): Promise<void> {
  await withChainErrors(() => client.call({ account: from, data: creation }))
}

/**
 * Simulates, creates the adapter and waits for it.
 *
 * @throws {ContractRevertError} As {@link simulateAdapter}; nothing was sent.
 * @throws {TransactionRevertedError} It was mined and reverted all the same.
 */
export async function deployAdapter(client: PublicClient, wallet: Wallet, creation: Hex): Promise<DeployedAdapter> {
  await simulateAdapter(client, creation, wallet.account.address)
  const hash = await withChainErrors(() => wallet.sendTransaction({ data: creation }))
  const { status, contractAddress, blockNumber, gasUsed } = await withChainErrors(() => client.waitForTransactionReceipt({ hash }))
  if (status !== 'success' || contractAddress == null) throw new TransactionRevertedError({ hash, block: blockNumber, gasUsed })
  return { adapter: contractAddress, transactionHash: hash, gasUsed }
}
