import { InvalidInputError } from '../../errors/index.ts'
import { assertInRange, compensatedSum } from '../../math/index.ts'
import type { Fraction, Portfolio, Usd } from '../../types/index.ts'
import type { CollateralQuote } from '../types.ts'

/** Most that one asset may make up of a market's collateral. */
const LARGEST_SHARE = 0.25

/**
 * Quotes with the share of each asset that the market admits: no asset counts for more than 25 % of all collateral in the market, cash and the underlying
 * included (risk policy B9). Beyond that every account's holding counts in proportion.
 *
 * @param portfolios - All accounts of the market.
 * @param spot - Index price at which the underlying held as collateral is counted.
 * @throws {InvalidInputError} An asset has no quote, or its amount is negative or not finite.
 */
export function admitCollateral(
  portfolios: readonly Portfolio[],
  quotes: readonly CollateralQuote[],
  spot: Usd,
): readonly CollateralQuote[] {
  const held = new Map<string, number[]>(quotes.map(({ asset }) => [asset, []]))
  const other: Usd[] = []
  for (const { account, cash, collateral, assets = [] } of portfolios) {
    other.push(Math.max(0, cash), collateral * spot)
    for (const { asset, amount } of assets) {
      const amounts = held.get(asset)
      if (amounts === undefined)
        throw new InvalidInputError({ argument: `assets of ${account}`, got: asset, limit: `one of ${[...held.keys()].join(', ')}` })
      assertInRange(`amount of ${asset} of ${account}`, amount, 0, 1e15)
      amounts.push(amount)
    }
  }
  const worth = quotes.map(({ asset, price }) => price * sum(held.get(asset)!))
  const total = sum([sum(other), ...worth])
  return quotes.map((quote, i) => ({ ...quote, admitted: worth[i]! > LARGEST_SHARE * total ? admittedShare(worth[i]!, total) : 1 }))
}

/** Share at which the asset is 25 % of what is then counted: a w = 0.25 (T - w + a w). */
function admittedShare(worth: Usd, total: Usd): Fraction {
  return Math.max(0, (LARGEST_SHARE * (total - worth)) / ((1 - LARGEST_SHARE) * worth))
}

function sum(values: number[]): number {
  return compensatedSum(values.sort((a, b) => a - b))
}
