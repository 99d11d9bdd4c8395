import { type PricingRegistry, pricingRegistry } from '../pricing/index.ts'
import type { Book, Instrument, Portfolio } from '../types/index.ts'
import { assertInstruments, assertMarginMarket, assertMarginParameters, assertPortfolio } from './assertMarginInputs.ts'
import { assessPortfolio } from './assessPortfolio.ts'
import { buildRiskArray } from './riskArray.ts'
import type { AccountAssessment, BookAssessment, MarginMarket, MarginParameters } from './types.ts'

/**
 * Margin of every account of a book by full revaluation. Each instrument is priced once per state of the scan; accounts are sums of those rows.
 *
 * @param market - Time, index price, and a flat vol or a surface.
 * @param registry - Pricing modules by kind of instrument.
 * @throws {InvalidInputError} A parameter, the market, an instrument (also one that expired before `time`) or a portfolio is outside its domain.
 * @see risk/margin/README.md for the rule and its sources.
 */
export function assessBook(
  book: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): BookAssessment {
  assertBookInputs(book.instruments, market, parameters, registry)
  const array = buildRiskArray(book.instruments, market, parameters, registry)
  const accounts = book.portfolios.map((portfolio) => {
    assertPortfolio(portfolio, book.instruments.length, market)
    return assessPortfolio(array, portfolio)
  })
  return { time: market.time, spot: market.spot, accounts }
}

/**
 * Margin of one account; the same rule as {@link assessBook}, and the same bits. Only instruments that it holds are priced.
 *
 * @param instruments - What the positions' indices refer to.
 * @throws {InvalidInputError} As {@link assessBook}.
 */
export function assessAccount(
  portfolio: Portfolio,
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): AccountAssessment {
  assertBookInputs(instruments, market, parameters, registry)
  assertPortfolio(portfolio, instruments.length, market)
  const held = portfolio.positions.map(({ instrument }) => instruments[instrument]!)
  const positions = portfolio.positions.map(({ quantity }, instrument) => ({ instrument, quantity }))
  return assessPortfolio(buildRiskArray(held, market, parameters, registry), { ...portfolio, positions })
}

function assertBookInputs(
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry,
): void {
  assertMarginMarket(market)
  assertMarginParameters(parameters)
  assertInstruments(instruments, market, registry)
}
