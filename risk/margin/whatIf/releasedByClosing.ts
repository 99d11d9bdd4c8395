import { type PricingRegistry, pricingRegistry } from '../../pricing/index.ts'
import type { Instrument, Portfolio, Usd } from '../../types/index.ts'
import { assertPortfolio } from '../assertMarginInputs.ts'
import { assessPortfolio } from '../assessPortfolio.ts'
import type { MarginMarket, MarginParameters } from '../types.ts'
import { applyOrder } from './applyOrder.ts'
import { arrayFor } from './arrayFor.ts'

/** Margin that closing one position at its mark would release; negative where the position is a hedge. */
export type Release = { readonly instrument: number; readonly maintenance: Usd; readonly initial: Usd }

/**
 * What closing each position alone, at its mark and without a fee, would release of both requirements.
 *
 * @returns In the order of the positions.
 * @throws {InvalidInputError} An input of `assessBook` is outside its domain.
 */
export function releasedByClosing(
  portfolio: Portfolio,
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): readonly Release[] {
  assertPortfolio(portfolio, instruments.length, market)
  const { array, place } = arrayFor([portfolio], instruments, market, parameters, registry)
  const account = place(portfolio)
  const now = assessPortfolio(array, account)
  return account.positions.map(({ instrument, quantity }, i) => {
    const price = array.rows[instrument]!.values[0]!
    const after = assessPortfolio(array, applyOrder(account, { legs: [{ instrument, quantity: -quantity, price }], fee: 0 }))
    return {
      instrument: portfolio.positions[i]!.instrument,
      maintenance: now.maintenance - after.maintenance,
      initial: now.initial - after.initial,
    }
  })
}
