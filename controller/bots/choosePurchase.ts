import type { CollateralOrder, SaleTerms } from '../../chain/clearing/index.ts'
import { fromWadUsd, toWadUsd } from '../../risk/liquidation/index.ts'
import type { Address, UnixSeconds, Usd } from '../../risk/types/index.ts'
import { chooseBid } from './chooseBid.ts'
import { ALL_MARKETS } from './offerOf.ts'
import type { Purchase } from './purchasesOf.ts'
import type { BidderPolicy, UnwindMarket } from './types.ts'

/** What a buyer of collateral knows of itself. */
export type Buyer = {
  /** Cash that it has and approved to the vault. */
  readonly cash: Usd
  /** Cost of its transactions. */
  readonly gas: Usd
  readonly unwind: UnwindMarket
  /** Receives the token. */
  readonly to: Address
  /** Second after which a purchase is worth nothing. */
  readonly deadline: UnixSeconds
}

export type PurchaseChoice =
  | { readonly kind: 'buy'; readonly order: CollateralOrder; readonly expectedProfit: Usd }
  | { readonly kind: 'pass'; readonly reason: 'unprofitable' | 'noCash' | 'tooSmall' }

const WAD = 10n ** 18n

/**
 * How much of a collateral to buy, and on which terms: the share that is worth most after spread, impact, gas and an adverse move from the simulation until it is sold on.
 *
 * The order asks for no price above what leaves the least reward at the worth of the simulation. What is on sale is cut to the debt, so it may be less in the block it lands in; the least that is taken pays for
 * the gas at that very price: its part of the least reward covers its own costs, since spread and impact fall at least as fast as the amount, and the whole gas.
 *
 * @param terms - Of the account's group.
 */
export function choosePurchase(
  purchase: Purchase,
  { cash, gas, unwind, to, deadline }: Buyer,
  policy: BidderPolicy,
  { leastSale }: Pick<SaleTerms, 'leastSale'>,
): PurchaseChoice {
  const { account, token, price, worth } = purchase
  const unit = 10n ** BigInt(purchase.decimals)
  const [whole, paid] = [worth, price].map((each) => fromWadUsd((purchase.amount * each) / unit)) as [Usd, Usd]
  const value = { account: account.toString(), phase: 'solvent', most: 1, reward: whole - paid, grossDelta: whole, initial: whole } as const
  const bid = chooseBid(
    { ...value, netDelta: new Map([[ALL_MARKETS, whole]]) },
    new Map([[ALL_MARKETS, unwind]]),
    { freeMargin: cash, gas, revertGas: gas },
    { ...policy, exposure: policy.inclusion + policy.exposure, marginShare: 1 },
  )
  if (bid.kind === 'pass') return { kind: 'pass', reason: bid.reason === 'noMargin' ? 'noCash' : bid.reason }

  const amount = (purchase.amount * toWadUsd('share', bid.share, 'down')) / WAD
  if (amount < purchase.amount && (amount * price) / unit < leastSale) return { kind: 'pass', reason: 'tooSmall' }
  const leastPart = gas === 0 ? 0 : gas / (gas + policy.leastProfit)
  const minAmount = ceilDiv(amount * toWadUsd('least part', leastPart, 'up'), WAD)
  const maxPrice = worth - ceilDiv(toWadUsd('least reward', bid.leastReward / bid.share, 'up') * unit, purchase.amount)
  return { kind: 'buy', order: { account, token, amount, minAmount, maxPrice, to, deadline }, expectedProfit: bid.expectedProfit }
}

const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b
