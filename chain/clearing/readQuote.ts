import type { PublicClient } from 'viem'
import { withChainErrors } from '../errors/index.ts'
import { liquidationAbi } from '../generated/index.ts'
import type { ClearingDeployment } from './ClearingDeployment.ts'
import { type Footing, footings } from './readAssessments.ts'

/** What an auction offers at one block. USD and fractions with 18 decimals. */
export type AuctionQuote = {
  readonly account: bigint
  readonly footing: Footing
  readonly equity: bigint
  readonly maintenance: bigint
  readonly target: bigint
  readonly bankrupt: boolean
  /** 0 when the account is restored. */
  readonly maxFraction: bigint
  readonly charge: bigint
  readonly bidderCharge: bigint
  readonly reward: bigint
  /** Of all of the account at mark: what a bidder pays before its part of the charge. */
  readonly price: bigint
}

/**
 * The offer of a flagged account.
 *
 * @throws {ContractRevertError} The account is not flagged.
 */
export async function readQuote(
  client: PublicClient,
  { contracts }: ClearingDeployment,
  account: bigint,
  blockNumber: bigint,
): Promise<AuctionQuote> {
  const quote = await withChainErrors(() =>
    client.readContract({ address: contracts.liquidation, abi: liquidationAbi, functionName: 'quoteOf', args: [account], blockNumber }),
  )
  return { ...quote, account, footing: footings[quote.footing] as Footing }
}
