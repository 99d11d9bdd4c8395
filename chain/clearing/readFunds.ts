import { erc20Abi, type PublicClient } from 'viem'
import type { Address } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'

/** Token units that an owner has, and that it approved to a spender. */
export type Funds = { readonly balance: bigint; readonly allowance: bigint }

/** What `spender` could take of `token` from `owner`, at one block. @throws {RpcUnavailableError} The node does not answer. */
export async function readFunds(
  client: PublicClient,
  { token, owner, spender, block }: { readonly token: Address; readonly owner: Address; readonly spender: Address; readonly block: bigint },
): Promise<Funds> {
  const erc20 = { address: token, abi: erc20Abi, blockNumber: block } as const
  const [balance, allowance] = await withChainErrors(() =>
    Promise.all([
      client.readContract({ ...erc20, functionName: 'balanceOf', args: [owner] }),
      client.readContract({ ...erc20, functionName: 'allowance', args: [owner, spender] }),
    ]),
  )
  return { balance, allowance }
}
