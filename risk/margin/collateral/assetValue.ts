import type { Fraction, Portfolio, Usd } from '../../types/index.ts'
import type { CollateralQuote, MarginMarket } from '../types.ts'
import { nodeCut } from './nodeCut.ts'

/** Value of an account's other collateral assets in a state of the index; at a move of 0 it is what equity counts. The market quotes all of them: the caller has checked. */
export function assetValue({ assets = [] }: Portfolio, { collaterals = [] }: MarginMarket): (move: Fraction) => Usd {
  if (assets.length === 0) return () => 0
  const lanes = assets
    .map(({ asset, amount }) => {
      const quote = quoteOf(asset, collaterals)
      return { asset, quote, worth: amount * quote.price * quote.admitted }
    })
    .sort((a, b) => (a.asset < b.asset ? -1 : 1))
  return (move) => lanes.reduce((sum, { quote, worth }) => sum + worth * (1 - nodeCut(quote, move)), 0)
}

/** Least that an account's other collateral assets are worth in any state. */
export function assetFloor(portfolio: Portfolio, market: MarginMarket): Usd {
  const value = assetValue(portfolio, market)
  return Math.min(value(0), value(-1), value(1))
}

function quoteOf(asset: string, collaterals: readonly CollateralQuote[]): CollateralQuote {
  return collaterals.find((quote) => quote.asset === asset)!
}
