import { createWalletClient, defineChain, http } from 'viem'
import type { LocalAccount } from 'viem/accounts'
import type { Wallet } from '../../chain/write/index.ts'
import { type Node, requestTimeoutOf } from './openNode.ts'

/** A wallet that sends through a node. */
export function openWallet({ url, chainId }: Pick<Node, 'url' | 'chainId'>, account: LocalAccount): Wallet {
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  })
  return createWalletClient({ account, chain, transport: http(url, { retryCount: 0, timeout: requestTimeoutOf(chainId) }) })
}
