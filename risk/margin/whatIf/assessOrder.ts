import { type PricingRegistry, pricingRegistry } from '../../pricing/index.ts'
import type { Instrument, Portfolio, Usd } from '../../types/index.ts'
import { assertPortfolio } from '../assertMarginInputs.ts'
import { assessPortfolio } from '../assessPortfolio.ts'
import type { AccountAssessment, MarginMarket, MarginParameters } from '../types.ts'
import { applyOrder } from './applyOrder.ts'
import { arrayFor } from './arrayFor.ts'
import type { Order } from './Order.ts'

/** An account before and after a trade. */
export type OrderAssessment = {
  readonly before: AccountAssessment
  readonly after: AccountAssessment
  /** What the trade adds to each requirement, USD; negative when it releases margin. */
  readonly incremental: { readonly maintenance: Usd; readonly initial: Usd }
  /** Whether the account may take it: free margin is left, or the trade takes risk off. */
  readonly permitted: boolean
}

/**
 * What an order would do to an account's margin. It is permitted when the account can carry it (free margin not negative afterwards), or when it reduces risk: neither
 * requirement grows and free margin does not fall.
 *
 * @throws {InvalidInputError} The order, or an input of `assessBook`, is outside its domain.
 */
export function assessOrder(
  portfolio: Portfolio,
  order: Order,
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): OrderAssessment {
  assertPortfolio(portfolio, instruments.length, market)
  const traded = applyOrder(portfolio, order)
  assertPortfolio(traded, instruments.length, market)
  const { array, place } = arrayFor([portfolio, traded], instruments, market, parameters, registry)
  const before = assessPortfolio(array, place(portfolio))
  const after = assessPortfolio(array, place(traded))
  const incremental = { maintenance: after.maintenance - before.maintenance, initial: after.initial - before.initial }
  const reduces = incremental.maintenance <= 0 && incremental.initial <= 0 && after.freeMargin >= before.freeMargin
  return { before, after, incremental, permitted: after.freeMargin >= 0 || reduces }
}
