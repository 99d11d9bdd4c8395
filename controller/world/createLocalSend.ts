import type { LocalAccount, TransactionReceipt } from 'viem'
import { withChainErrors } from '../../chain/errors/index.ts'
import type { LocalChain } from '../../chain/local/index.ts'
import type { Call } from '../../chain/write/index.ts'
import type { Hash } from '../../risk/types/index.ts'

/** Below the limit of a transaction (EIP-7825); what is not used costs nothing. */
const GAS = 16_000_000n
/** Wei per gas: above any base fee of a chain whose blocks are mostly empty. */
const FEE = 100n * 10n ** 9n

/** Signs and sends a call, and gives back its receipt. */
export type LocalSend = (from: LocalAccount, call: Call) => Promise<TransactionReceipt>

/**
 * Sends to a chain of this process with gas at the limit: simulating and estimating would execute everything two to six times more, and a chain of one's own mines at once and says why it
 * refused.
 *
 * @throws from its result: {ContractRevertError} A contract refuses; the transaction is mined and changes nothing.
 */
export function createLocalSend({ chain, client, request }: Pick<LocalChain, 'chain' | 'client' | 'request'>): LocalSend {
  return async (from, { to, data }) => {
    if (from.signTransaction === undefined) throw new TypeError(`${from.address} has no key here.`)
    const nonce = await client.getTransactionCount({ address: from.address })
    const fees = { gas: GAS, maxFeePerGas: FEE, maxPriorityFeePerGas: 0n } as const
    const signed = await from.signTransaction({ type: 'eip1559', chainId: chain.id, nonce, to, data, ...fees })
    const hash = (await withChainErrors(() => request('eth_sendRawTransaction', [signed]), to)) as Hash
    return client.getTransactionReceipt({ hash })
  }
}
