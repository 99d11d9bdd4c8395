import type { PublicClient } from 'viem'
import type { Address, Hex, Seconds } from '../../risk/types/index.ts'
import { withChainErrors } from '../errors/index.ts'
import { collateralsAbi, riskParametersAbi, vaultAbi } from '../generated/index.ts'
import { encodeParamId } from '../ids/index.ts'
import type { ClearingDeployment } from './ClearingDeployment.ts'

/** What sales of collateral in a margin group go by. */
export type SaleTerms = {
  readonly group: Hex
  readonly cash: { readonly token: Address; readonly decimals: number }
  /** In the group's order, the place that the ledger uses. */
  readonly listed: readonly { readonly token: Address; readonly decimals: number; readonly asset: Hex; readonly feed: Hex }[]
  /** Of the limit: where a sale stops. */
  readonly targetBps: bigint
  /** USD with 18 decimals: a smaller sale must be all that is on offer. */
  readonly leastSale: bigint
  /** In which the discount rises to the haircut. */
  readonly duration: Seconds
  /** For which a call holds. */
  readonly validity: Seconds
}

/**
 * Cash and collateral of a group, and the constants of the vault's sales.
 *
 * @param group - Its scope, 32 bytes.
 * @throws {RpcUnavailableError} The node does not answer.
 */
export async function readSaleTerms(
  client: PublicClient,
  { contracts }: ClearingDeployment,
  group: Hex,
  blockNumber: bigint,
): Promise<SaleTerms> {
  const listing = { address: contracts.collaterals, abi: collateralsAbi, args: [group], blockNumber } as const
  const vault = { address: contracts.vault, abi: vaultAbi, blockNumber } as const
  return withChainErrors(async () => {
    const [cash, listed, targetBps, leastSale, duration, validity] = await Promise.all([
      client.readContract({ ...listing, functionName: 'cashOf' }),
      client.readContract({ ...listing, functionName: 'collateralsOf' }),
      client.readContract({ ...vault, functionName: 'SALE_TARGET_BPS' }),
      client.readContract({ ...vault, functionName: 'LEAST_SALE' }),
      client.readContract({ ...vault, functionName: 'SALE_DURATION' }),
      client.readContract({ ...vault, functionName: 'CALL_VALIDITY' }),
    ])
    return {
      group,
      cash,
      listed: listed.map(({ token, decimals, asset, feed }) => ({ token, decimals, asset, feed })),
      targetBps,
      leastSale,
      duration: Number(duration),
      validity: Number(validity),
    }
  })
}

/** Effective haircut of an asset: what the discount of a sale rises to. @param asset - Its scope, 32 bytes. @throws {ContractRevertError} The store does not know it. */
export async function readHaircut(client: PublicClient, riskParameters: Address, asset: Hex, blockNumber: bigint): Promise<bigint> {
  const args = [asset, encodeParamId('collateral.haircut')] as const
  return withChainErrors(() =>
    client.readContract({ address: riskParameters, abi: riskParametersAbi, functionName: 'effectiveOf', args, blockNumber }),
  )
}
