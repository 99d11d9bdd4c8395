import type { PricingRegistry } from '../pricing/index.ts'
import type { Book } from '../types/index.ts'
import { assertInstruments, assertMarginMarket, assertPortfolio } from './assertMarginInputs.ts'
import type { MarginMarket } from './types.ts'

/** @throws {InvalidInputError} The market, an instrument (also one that expired before its time) or a portfolio is outside the domain of the margin rule. */
export function assertBook(
  { instruments, portfolios }: Pick<Book, 'instruments' | 'portfolios'>,
  market: MarginMarket,
  registry: PricingRegistry,
): void {
  assertMarginMarket(market)
  assertInstruments(instruments, market, registry)
  for (const portfolio of portfolios) assertPortfolio(portfolio, instruments.length, market)
}
