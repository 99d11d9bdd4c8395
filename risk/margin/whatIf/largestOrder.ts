import { InvalidInputError } from '../../errors/index.ts'
import { type PricingRegistry, pricingRegistry } from '../../pricing/index.ts'
import type { Instrument, Portfolio } from '../../types/index.ts'
import { assertPortfolio } from '../assertMarginInputs.ts'
import { assessPortfolio } from '../assessPortfolio.ts'
import type { MarginMarket, MarginParameters } from '../types.ts'
import { applyOrder } from './applyOrder.ts'
import { arrayFor } from './arrayFor.ts'
import type { Order } from './Order.ts'

const MOST = 1_099_511_627_776

/**
 * Largest whole number of times that an order can be traded with free margin left. Free margin is a concave function of size wherever no charge for size starts and no
 * cap at the maximum loss binds, so what can be carried is an interval from zero; the search doubles from one and then bisects. Where size charges or the cap break
 * concavity the result is still a size that can be carried next to one that cannot.
 *
 * @param ceiling - Largest number looked at, a whole number from 1 to 2^40.
 * @returns 0 when even one does not fit; `ceiling` when that many fit.
 * @throws {InvalidInputError} The order, the ceiling, or an input of `assessBook` is outside its domain.
 */
export function largestOrder(
  portfolio: Portfolio,
  order: Order,
  ceiling: number,
  instruments: readonly Instrument[],
  market: MarginMarket,
  parameters: MarginParameters,
  registry: PricingRegistry = pricingRegistry,
): number {
  if (!(Number.isSafeInteger(ceiling) && ceiling >= 1 && ceiling <= MOST))
    throw new InvalidInputError({ argument: 'ceiling', got: ceiling, limit: 'a whole number from 1 to 2^40' })
  assertPortfolio(portfolio, instruments.length, market)
  const once = applyOrder(portfolio, order)
  assertPortfolio(once, instruments.length, market)
  const { array, place } = arrayFor([portfolio, once], instruments, market, parameters, registry)
  const fits = (times: number): boolean => {
    const legs = order.legs.map((leg) => ({ ...leg, quantity: leg.quantity * times }))
    return assessPortfolio(array, place(applyOrder(portfolio, { legs, fee: order.fee * times }))).freeMargin >= 0
  }
  if (!fits(1)) return 0
  let most = 1
  while (most < ceiling && fits(Math.min(ceiling, 2 * most))) most = Math.min(ceiling, 2 * most)
  if (most === ceiling) return ceiling
  let excess = Math.min(ceiling, 2 * most)
  while (excess - most > 1) {
    const middle = Math.floor((most + excess) / 2)
    if (fits(middle)) most = middle
    else excess = middle
  }
  return most
}
