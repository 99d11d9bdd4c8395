import type { Account, Chain, PublicClient, TransactionReceipt, Transport, WalletClient } from 'viem'
import type { Address, Catalogue } from '../../risk/types/index.ts'
import { TransactionRevertedError, withChainErrors } from '../errors/index.ts'
import type { Call } from './calls.ts'

/** A wallet that knows its account and chain. */
export type Wallet = WalletClient<Transport, Chain, Account>
/** Chosen by the caller, who owns the nonce. Absent fields are asked from the node. */
export type SendOptions = {
  readonly nonce?: number
  readonly gas?: bigint
  /** Wei per gas. */
  readonly maxFeePerGas?: bigint
  /** Wei per gas. */
  readonly maxPriorityFeePerGas?: bigint
}

/**
 * Executes a call against a block without sending it.
 *
 * @param block - The latest when absent.
 * @throws {ContractRevertError} or one of its subclasses: the contract would refuse.
 */
export async function simulateCall(client: PublicClient, call: Call, from: Address, block?: bigint, catalogue?: Catalogue): Promise<void> {
  const at = block === undefined ? {} : { blockNumber: block }
  await withChainErrors(() => client.call({ account: from, to: call.to, data: call.data, ...at }), call.to, catalogue)
}

/**
 * Simulates, sends and waits for the receipt.
 *
 * @throws {ContractRevertError} The simulation was refused; nothing was sent.
 * @throws {TransactionRevertedError} It was mined and reverted all the same.
 */
export async function sendCall(client: PublicClient, wallet: Wallet, call: Call, options: SendOptions = {}): Promise<TransactionReceipt> {
  await simulateCall(client, call, wallet.account.address)
  const hash = await withChainErrors(() => wallet.sendTransaction({ ...call, ...options }), call.to)
  const receipt = await withChainErrors(() => client.waitForTransactionReceipt({ hash }))
  if (receipt.status !== 'success') throw new TransactionRevertedError({ hash, block: receipt.blockNumber, gasUsed: receipt.gasUsed })
  return receipt
}
