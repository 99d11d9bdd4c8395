import type { PricingRegistry } from '../../pricing/index.ts'
import type { Instrument, Portfolio } from '../../types/index.ts'
import { assertInstruments, assertMarginMarket, assertMarginParameters } from '../assertMarginInputs.ts'
import { buildRiskArray, type RiskArray } from '../riskArray.ts'
import type { MarginMarket, MarginParameters } from '../types.ts'

/**
 * A risk array of only the instruments that some accounts hold, and a function that renumbers their positions for it.
 *
 * @throws {InvalidInputError} The market, the parameters or an instrument is outside its domain.
 */
export function arrayFor(
  portfolios: readonly Portfolio[],
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry,
): { readonly array: RiskArray; readonly place: (portfolio: Portfolio) => Portfolio } {
  assertMarginMarket(market)
  assertMarginParameters(parameters)
  assertInstruments(instruments, market, registry)
  const held = [...new Set(portfolios.flatMap(({ positions }) => positions.map(({ instrument }) => instrument)))].sort((a, b) => a - b)
  const index = new Map(held.map((instrument, i) => [instrument, i]))
  const array = buildRiskArray(
    held.map((instrument) => instruments[instrument]!),
    market,
    parameters,
    registry,
  )
  const place = (portfolio: Portfolio): Portfolio => ({
    ...portfolio,
    positions: portfolio.positions.map(({ instrument, quantity }) => ({ instrument: index.get(instrument)!, quantity })),
  })
  return { array, place }
}
