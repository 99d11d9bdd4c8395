import type { PublicClient, TransactionReceipt } from 'viem'
import type { ChainWriter, Deployment, Receipt } from '../../risk/types/index.ts'
import { buildExecuteLoosening, buildSubmitRound, type Call } from './calls.ts'
import { decodeOutcomes } from './decodeOutcomes.ts'
import { type SendOptions, sendCall, type Wallet } from './sendCall.ts'

export type ChainWriterOptions = {
  readonly client: PublicClient
  readonly wallet: Wallet
  readonly deployment: Deployment
  /** Nonce and fees of the next transaction; the node's own choice when absent. */
  readonly nextOptions?: () => Promise<SendOptions>
}

/** Sends rounds and executes loosenings, each simulated first, and tells what became of every item. Errors are those of {sendCall}. */
export function createChainWriter({ client, wallet, deployment, nextOptions }: ChainWriterOptions): ChainWriter {
  const send = async (call: Call): Promise<Receipt> => {
    const receipt = await sendCall(client, wallet, call, await nextOptions?.())
    return decodeReceipt(deployment, receipt)
  }
  return {
    submitRound: (adjustment, signatures, cosign) => send(buildSubmitRound(deployment, adjustment, signatures, cosign)),
    executeLoosening: (scope, id) => send(buildExecuteLoosening(deployment, scope, id)),
  }
}

/** A mined transaction as the loop records it. */
export function decodeReceipt(deployment: Deployment, receipt: TransactionReceipt): Receipt {
  return { hash: receipt.transactionHash, block: receipt.blockNumber, outcomes: decodeOutcomes(deployment, receipt.logs) }
}
