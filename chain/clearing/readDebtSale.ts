import type { PublicClient } from 'viem'
import type { Address, UnixSeconds } from '../../risk/types/index.ts'
import { ContractRevertError, withChainErrors } from '../errors/index.ts'
import { priceFeedAbi, vaultAbi } from '../generated/index.ts'
import type { ClearingDeployment } from './ClearingDeployment.ts'
import type { SaleTerms } from './readSaleTerms.ts'

/** What of one collateral is on sale. USD with 18 decimals of one whole token. */
export type SaleOffer = { readonly amount: bigint; readonly price: bigint; readonly discountBps: bigint }

/** One collateral of an account that owes cash. Token units; USD with 18 decimals of one whole token. */
export type SaleCollateral = {
  /** In the group's list. */
  readonly place: number
  readonly token: Address
  readonly decimals: number
  readonly held: bigint
  /** What sales are at before their discount, the better of price and median for the account; 0 when no price is fresh. */
  readonly mark: bigint
  /** The lower of the two: what a buyer may count on. */
  readonly worth: bigint
  /** Most that may leave the vault now. */
  readonly outflow: bigint
  /** Null while nothing may be bought: not called, or no fresh price. */
  readonly offer: SaleOffer | null
}

/** A debt and the collateral behind it, at one block. Cash units. */
export type DebtSale = {
  readonly account: bigint
  /** Less what the account is still to receive. */
  readonly debt: bigint
  readonly limit: bigint
  /** When the call that holds was made, and its last second; null while none holds. */
  readonly call: { readonly at: UnixSeconds; readonly until: UnixSeconds } | null
  readonly collateral: readonly SaleCollateral[]
}

export type DebtQuery = {
  readonly account: bigint
  readonly terms: SaleTerms
  /** Collateral held, by place: token units. */
  readonly held: ReadonlyMap<bigint, bigint>
  readonly block: bigint
  /** Of that block. */
  readonly time: UnixSeconds
}

const FRESH = 2

/**
 * What an account owes, and what of its collateral may be bought for it.
 *
 * @throws {ContractRevertError} The account was never opened. {RpcUnavailableError} The node does not answer.
 */
export async function readDebtSale(client: PublicClient, { contracts }: ClearingDeployment, query: DebtQuery): Promise<DebtSale> {
  const { account, terms, held, block: blockNumber, time } = query
  const vault = { address: contracts.vault, abi: vaultAbi, blockNumber } as const
  const [[debt, limit], at] = await withChainErrors(() =>
    Promise.all([
      client.readContract({ ...vault, functionName: 'debtOf', args: [account] }),
      client.readContract({ ...vault, functionName: 'calledAt', args: [account] }),
    ]),
  )
  const call = at === 0 || time > at + terms.validity ? null : { at, until: at + terms.validity }
  const bare = { account, debt, limit, call }
  if (debt <= limit) return { ...bare, collateral: [] }
  const collateral = await Promise.all(
    [...held].map(async ([index, amount]): Promise<SaleCollateral> => {
      const place = Number(index)
      const { token, decimals, feed } = terms.listed[place] as SaleTerms['listed'][number]
      const [{ mark, worth }, outflow] = await Promise.all([
        readMark(client, contracts.priceFeed, feed, blockNumber),
        withChainErrors(() => client.readContract({ ...vault, functionName: 'availableOutflowOf', args: [terms.group, token] })),
      ])
      const offer = call === null || mark === 0n ? null : await readOffer(client, contracts.vault, account, token, blockNumber)
      return { place, token, decimals, held: amount, mark, worth, outflow, offer }
    }),
  )
  return { ...bare, collateral }
}

async function readOffer(
  client: PublicClient,
  vault: Address,
  account: bigint,
  token: Address,
  blockNumber: bigint,
): Promise<SaleOffer | null> {
  try {
    return await withChainErrors(() =>
      client.readContract({ address: vault, abi: vaultAbi, functionName: 'offerOf', args: [account, token], blockNumber }),
    )
  } catch (error) {
    if (error instanceof ContractRevertError) return null
    throw error
  }
}

async function readMark(
  client: PublicClient,
  address: Address,
  market: `0x${string}`,
  blockNumber: bigint,
): Promise<{ readonly mark: bigint; readonly worth: bigint }> {
  const feed = { address, abi: priceFeedAbi, args: [market], blockNumber } as const
  const [{ price, status }, [median]] = await withChainErrors(() =>
    Promise.all([client.readContract({ ...feed, functionName: 'read' }), client.readContract({ ...feed, functionName: 'medianOf' })]),
  )
  if (status !== FRESH) return { mark: 0n, worth: 0n }
  if (median === 0n) return { mark: price, worth: price }
  return price > median ? { mark: price, worth: median } : { mark: median, worth: price }
}
