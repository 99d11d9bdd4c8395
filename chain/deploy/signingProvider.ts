import type { EIP1193Provider } from '@nomicfoundation/ignition-core'
import type { LocalAccount, PublicClient } from 'viem'
import type { Hex } from '../../risk/types/index.ts'
import type { Outbox } from './outbox.ts'

type TransactionRequest = {
  readonly [key in 'to' | 'data' | 'value' | 'nonce' | 'gas' | 'gasPrice' | 'maxFeePerGas' | 'maxPriorityFeePerGas']?: Hex
}

const integer = (quantity: Hex | undefined): bigint | undefined => (quantity === undefined ? undefined : BigInt(quantity))

/** A node's provider whose one account is `account`: transactions are signed here, so the node needs no key, and kept in the outbox before they leave. */
export function createSigningProvider(
  client: PublicClient,
  account: LocalAccount,
  chainId: number,
  outbox: Outbox | null,
): EIP1193Provider {
  const request = client.request as (args: { method: string; params?: unknown }) => Promise<unknown>
  return {
    request: async ({ method, params }) => {
      if (method === 'eth_accounts') return [account.address]
      if (method !== 'eth_sendTransaction') return request({ method, params })
      const [transaction] = params as readonly [TransactionRequest]
      const signed = await sign(account, chainId, transaction)
      outbox?.keep(Number(transaction.nonce), signed)
      return request({ method: 'eth_sendRawTransaction', params: [signed] })
    },
  }
}

function sign(account: LocalAccount, chainId: number, transaction: TransactionRequest): Promise<Hex> {
  const common = {
    chainId,
    to: transaction.to ?? null,
    data: transaction.data ?? '0x',
    value: integer(transaction.value) ?? 0n,
    nonce: Number(transaction.nonce),
    gas: integer(transaction.gas) ?? 0n,
  }
  const gasPrice = integer(transaction.gasPrice)
  if (gasPrice !== undefined) return account.signTransaction({ ...common, type: 'legacy', gasPrice })
  const maxFeePerGas = integer(transaction.maxFeePerGas) ?? 0n
  const maxPriorityFeePerGas = integer(transaction.maxPriorityFeePerGas) ?? 0n
  return account.signTransaction({ ...common, type: 'eip1559', maxFeePerGas, maxPriorityFeePerGas })
}
