import type { PurchaseOrder, SaleTerms } from '../../chain/clearing/index.ts'
import { fromWadUsd, toWadUsd } from '../../risk/liquidation/index.ts'
import type { Address, Usd } from '../../risk/types/index.ts'
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
}

export type PurchaseChoice =
  | { readonly kind: 'buy'; readonly order: PurchaseOrder; readonly expectedProfit: Usd }
  | { readonly kind: 'pass'; readonly reason: 'unprofitable' | 'noCash' | 'tooSmall' }

const WAD = 10n ** 18n
/** Of what the debt is above its target, the part that may be asked for: the rest covers the roundings of the contract's cut. */
const CUT = { part: 9_999n, of: 10_000n }

/**
 * How much of a collateral to buy, and what to pay at most: the share that is worth most after spread, impact, gas and an adverse move from the simulation until it is sold on.
 *
 * No more is paid for a token than leaves the least reward at the worth of the simulation, nor than an adverse move above its price: `maxPaid` is that for the whole amount. What is on sale is
 * cut to what the debt is above its target, at the price of the block it lands in: asked for all of it, the contract takes the same cash at any price. So less is asked for than that cash buys at
 * the highest price: beyond it the purchase costs more than `maxPaid`, cut or not, and reverts.
 *
 * @param terms - Of the account's group.
 */
export function choosePurchase(
  purchase: Purchase,
  { cash, gas, unwind, to }: Buyer,
  policy: BidderPolicy,
  terms: Pick<SaleTerms, 'leastSale' | 'cash'>,
): PurchaseChoice {
  const { account, token, price, worth, excess } = purchase
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

  const share = toWadUsd('share', bid.share, 'down')
  const move = policy.safety * Math.sqrt(policy.inclusion) * unwind.volPerRootSecond
  const left = worth - (toWadUsd('least reward', bid.leastReward / bid.share, 'up') * unit) / purchase.amount
  const highest = least(left, price + (price * toWadUsd('move', move, 'down')) / WAD)
  const amount = least((purchase.amount * share) / WAD, (((excess * CUT.part) / CUT.of) * unit) / highest)
  if ((amount * price) / unit < terms.leastSale) return { kind: 'pass', reason: 'tooSmall' }
  const maxPaid = (amount * highest) / unit / (WAD / 10n ** BigInt(terms.cash.decimals))
  return { kind: 'buy', order: { account, token, amount, maxPaid, to }, expectedProfit: bid.expectedProfit }
}

const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
